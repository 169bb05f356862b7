import type { EntryTotals } from '../../model/entries.ts';
import type { Unavailable } from '../../model/reading.ts';
import { bitsOf } from '../process/bits-of.ts';
import { listDescendants } from '../process/list-descendants.ts';
import { createUnseenPrograms } from '../process/unseen-programs.ts';
import { unseenX32 } from '../process/unseen-x32.ts';
import { errorText, mapReading, unavailable } from '../reading.ts';
import { openBpfEntries } from './bpf-entries.ts';
import type { EntriesTarget, KernelEntries } from './entry-counter.ts';
import { runPrivileged } from './entry-privileges.ts';
import { openPerfEntries } from './perf-entries.ts';

export type { EntriesTarget, KernelEntries } from './entry-counter.ts';

export interface KernelEntriesOptions {
  /** 'auto': BPF, and where that is not possible perf counters. */
  readonly method?: 'auto' | 'bpf' | 'perf';
  /** Count the processes that the target starts from now on too, and those given to `watch`. */
  readonly children?: boolean;
}

interface Attempt {
  readonly title: string;
  readonly answer: Unavailable;
}

const methods = [
  { name: 'bpf', title: 'BPF on tracepoints', open: openBpfEntries },
  { name: 'perf', title: 'perf counters', open: openPerfEntries },
] as const;

/** Starts to count the kernel entries of a process for clocks. Where nothing can be opened, `read` says why. */
export function openKernelEntries(target: EntriesTarget, options: KernelEntriesOptions = {}): KernelEntries {
  const { method = 'auto', children = false } = options;
  const bits = target.bits ?? bitsOf(target.pid);
  const unsupported = whyUnsupported(bits);
  if (unsupported !== undefined) return closedTo(unsupported);
  const descendants = children ? listDescendants(target.pid) : undefined;
  const sees32Bit = canSee32Bit && (bits !== 64 || (descendants ?? []).some((pid) => bitsOf(pid) === 32));
  const tried: Attempt[] = [];
  for (const { name, title, open } of methods) {
    if (method !== 'auto' && method !== name) continue;
    const opened = guarded(() => open(target, { children, sees32Bit }));
    if (!('unavailable' in opened))
      return withUnseen(opened, {
        kind: sees32Bit ? 'x32' : '32-bit',
        doubts: sees32Bit || bits !== undefined ? [] : [unknownBits],
        descendants,
      });
    tried.push({ title, answer: opened });
  }
  return closedTo(summary(tried, target.pid));
}

/** The numbers of 32-bit calls, by which alone they can be counted, are known here for x86. */
const canSee32Bit = process.arch === 'x64';

/** arch_trace_is_compat_syscall of arch/x86/include/asm/ftrace.h and its arm64 twin leave these calls out. */
const unsupported32 = unavailable(
  'unsupported',
  `system call tracepoints never fire for 32-bit programs on a 64-bit kernel, and vdsotop counts those of ${process.arch} no other way`,
);

const unsupportedX32 = unavailable('unsupported', `the target is an x32 program: ${unseenX32}`);

function whyUnsupported(bits: EntriesTarget['bits']): Unavailable | undefined {
  if (bits === 'x32') return unsupportedX32;
  return bits === 32 && !canSee32Bit ? unsupported32 : undefined;
}

const unknownBits = 'whether the target is a 32-bit program, whose entries are not counted, could not be seen';

interface Unseen {
  readonly kind: Parameters<typeof createUnseenPrograms>[0];
  readonly doubts: readonly string[];
  /** Those of a tree, as the counter was opened. */
  readonly descendants: readonly number[] | undefined;
}

/** Says which programs of those watched this counter does not see. */
function withUnseen(counter: KernelEntries, { kind, doubts, descendants }: Unseen): KernelEntries {
  const unseen = createUnseenPrograms(kind);
  for (const pid of descendants ?? []) unseen.add(pid);
  return {
    ...counter,
    read() {
      const children = unseen.count();
      const caveats = [
        ...doubts,
        ...(children > 0 ? [`the entries of ${children} child processes, ${kind} programs, are not counted`] : []),
      ];
      return caveats.length === 0 ? counter.read() : mapReading(counter.read(), (totals) => doubted(totals, caveats));
    },
    watch(pid) {
      if (descendants !== undefined) unseen.add(pid);
      counter.watch(pid);
    },
  };
}

function doubted(totals: EntryTotals, caveats: readonly string[]): EntryTotals {
  const { caveat } = totals;
  return { ...totals, exact: false, caveat: [...caveats, ...(caveat === undefined ? [] : [caveat])].join('; ') };
}

function guarded(open: () => KernelEntries | Unavailable): KernelEntries | Unavailable {
  try {
    return open();
  } catch (error) {
    return unavailable('failed', errorText(error));
  }
}

/** What the best method lacks leads: it is what is worth supplying. */
function summary(tried: readonly Attempt[], pid: number): Unavailable {
  const best = tried[0]?.answer ?? unavailable('failed', 'no method was tried');
  const said = new Set(tried.map(({ answer }) => answer.detail));
  const detail =
    said.size === 1 ? best.detail : tried.map(({ title, answer }) => `${title}: ${answer.detail}`).join('; ');
  const remedy = best.remedy ?? (best.unavailable === 'denied' ? runPrivileged(pid, ['SYS_ADMIN']) : undefined);
  return unavailable(best.unavailable, detail, remedy);
}

function closedTo(reason: Unavailable): KernelEntries {
  return { read: () => reason, watch() {}, close() {} };
}
