import type { EntryFunction } from '../../model/clock-calls.ts';
import type { Reading } from '../../model/reading.ts';
import type { StructOf } from '../../native/structs.ts';
import { available } from '../reading.ts';
import { clockFilter, clocksToldApart } from './clock-filter.ts';
import { slotNotToldApart } from './entry-functions.ts';
import { isAbsentFromKernel, readTracepoint } from './tracepoints.ts';

/** One counter that every thread gets, and what it counts. */
export interface PerfCounter {
  readonly fn: EntryFunction;
  readonly slot: number;
  /** It counts calls that another counter of the same `fn` and `slot` has taken for its own. */
  readonly takesBack?: boolean;
  readonly counter: StructOf<'vt_perf_counter'>;
}

const everyCall = [{ slot: slotNotToldApart, filter: '' }];
const noClock = [{ slot: 0, filter: '' }];

/** An emulated vsyscall is no system call: its tracepoint fires in a page fault, so the kernel must not be left out. */
const vsyscalls = (['vsyscall_gettimeofday', 'vsyscall_time', 'vsyscall_getcpu'] as const).map((fn, nr) => ({
  event: 'vsyscall/emulate_vsyscall',
  fn,
  excludeKernel: 0,
  counts: [{ slot: 0, filter: `nr == ${nr}` }],
}));

const syscalls = [
  {
    fn: 'clock_gettime',
    counts: [
      ...clocksToldApart.map((id) => ({ slot: id, filter: clockFilter(id) })),
      { slot: slotNotToldApart, filter: clockFilter(slotNotToldApart) },
    ],
  },
  { fn: 'clock_getres', counts: everyCall },
  { fn: 'gettimeofday', counts: noClock },
  { fn: 'time', counts: noClock },
  { fn: 'getcpu', counts: noClock },
] as const;

/** A tracepoint, and what is counted there. */
interface Source {
  readonly event: string;
  readonly fn: EntryFunction;
  readonly excludeKernel: number;
  /** Without this tracepoint nothing can be counted at all. */
  readonly needed?: boolean;
  readonly takesBack?: boolean;
  readonly counts: readonly { readonly slot: number; readonly filter: string }[];
}

const sources: readonly Source[] = [
  ...syscalls.map(({ fn, counts }) => ({
    event: `syscalls/sys_enter_${fn}`,
    fn,
    excludeKernel: 1,
    needed: fn === 'clock_gettime',
    counts,
  })),
  ...vsyscalls,
];

/**
 * Calls of 32-bit code on x86-64, as native/entries-compat.c tells them: all calls of a number, less those by which
 * 64-bit code means something else. A filter cannot look into the arguments of this event: no clock is told apart, and
 * a number that 64-bit code has no call for (403, 406) is taken for the 32-bit one.
 */
const compatSources: typeof sources = (
  [
    { fn: 'clock_gettime', slot: slotNotToldApart, numbers: [265, 403], twin: 'linkat' },
    { fn: 'clock_getres', slot: slotNotToldApart, numbers: [266, 406], twin: 'symlinkat' },
    { fn: 'gettimeofday', slot: 0, numbers: [78], twin: 'getdents' },
    { fn: 'time', slot: 0, numbers: [13], twin: 'rt_sigaction' },
    { fn: 'getcpu', slot: 0, numbers: [318], twin: 'getrandom' },
  ] as const
).flatMap(({ fn, slot, numbers, twin }) => [
  // Its record is made with the kernel's registers: a counter that leaves the kernel out would never count.
  {
    event: 'raw_syscalls/sys_enter',
    fn,
    excludeKernel: 0,
    needed: true,
    counts: [{ slot, filter: numbers.map((number) => `id == ${number}`).join(' || ') }],
  },
  {
    event: `syscalls/sys_enter_${twin}`,
    fn,
    excludeKernel: 1,
    needed: true,
    takesBack: true,
    counts: [{ slot, filter: '' }],
  },
]);

/** The counters that this kernel has tracepoints for. */
export function listPerfCounters(sees32Bit: boolean): Reading<readonly PerfCounter[]> {
  const counters: PerfCounter[] = [];
  for (const source of sees32Bit ? [...sources, ...compatSources] : sources) {
    const tracepoint = readTracepoint(source.event);
    if ('unavailable' in tracepoint) {
      if (source.needed || !isAbsentFromKernel(tracepoint)) return tracepoint;
      continue;
    }
    counters.push(...countersOf(source, tracepoint.value.id));
  }
  return available(counters, 'tracefs');
}

function countersOf({ fn, excludeKernel, takesBack, counts }: Source, id: number): readonly PerfCounter[] {
  return counts.map(({ slot, filter }) => ({
    fn,
    slot,
    ...(takesBack && { takesBack }),
    counter: { tracepoint_id: id, exclude_kernel: excludeKernel, filter },
  }));
}
