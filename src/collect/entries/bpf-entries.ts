import type { Reading, Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStruct, encodeStructs } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';
import { nativeLibrary } from '../../native.ts';
import { readText } from '../read-file.ts';
import { available, errorText, isDenied, unavailable } from '../reading.ts';
import { compat, createBpfCounter, tree } from './bpf-counter.ts';
import { entriesPlan } from './entries-plan.ts';
import type { CountWhat, EntriesTarget, KernelEntries } from './entry-counter.ts';
import { readEntryIdentity } from './entry-identity.ts';
import { deniedCall } from './entry-privileges.ts';
import { isAbsentFromKernel, readTracepoint, type Tracepoint } from './tracepoints.ts';
import { tryBpfCounting } from './try-bpf-counting.ts';

/** In the order of VT_TP_*: the event, and the fields that the program reads. */
const events: readonly { readonly event: string; readonly argument?: string; readonly flags?: string }[] = [
  { event: 'syscalls/sys_enter_clock_gettime', argument: 'which_clock' },
  { event: 'syscalls/sys_enter_clock_getres', argument: 'which_clock' },
  { event: 'syscalls/sys_enter_gettimeofday' },
  { event: 'syscalls/sys_enter_time' },
  { event: 'syscalls/sys_enter_getcpu' },
  { event: 'vsyscall/emulate_vsyscall', argument: 'nr' },
  { event: 'task/task_newtask', argument: 'pid', flags: 'clone_flags' },
];
/** VT_TP_NEWTASK. */
const newtaskAt = events.length - 1;

/** The rest of VT_TP_*: x86-64, with VT_ENTRIES_COMPAT only. */
const compatEvents: typeof events = [
  { event: 'syscalls/sys_enter_linkat', argument: 'olddfd' },
  { event: 'syscalls/sys_enter_symlinkat', argument: 'oldname' },
  { event: 'syscalls/sys_enter_getdents' },
  { event: 'syscalls/sys_enter_rt_sigaction' },
  { event: 'syscalls/sys_enter_getrandom' },
  { event: 'raw_syscalls/sys_enter', argument: 'args', flags: 'id' },
];

/** Counts exactly, by BPF programs on tracepoints; or says why that is not possible here. */
export function openBpfEntries(target: EntriesTarget, { children, sees32Bit }: CountWhat): KernelEntries | Unavailable {
  const identity = readEntryIdentity(target.pid, target.namespacePid);
  if ('unavailable' in identity) return identity;
  const tracepoints = readTracepoints(sees32Bit);
  if ('unavailable' in tracepoints) return tracepoints;
  const cpus = readPossibleCpus();
  if ('unavailable' in cpus) return cpus;
  const plan = entriesPlan(identity.value, cpus.value, (children ? tree : 0) | (sees32Bit ? compat : 0));
  const native = nativeLibrary();
  const handle = allocateStructs('vt_entries');
  const result = native.vt_entries_open(
    encodeStructs('vt_entries_plan', [plan]),
    encodeStructs('vt_tracepoint', tracepoints.value),
    handle,
  );
  if (result < 0) return openFailure(result, decodeStruct('vt_entries', handle).step, target.pid);
  const silent = tryBpfCounting(tracepoints.value, cpus.value);
  if (silent !== undefined) {
    void native.async.vt_entries_close(handle).catch(() => undefined);
    return silent;
  }
  return createBpfCounter({
    ...{ native, handle, plan, identity: identity.value, pid: target.pid },
    countsStarts: (tracepoints.value[newtaskAt]?.id ?? 0) !== 0,
  });
}

function readTracepoints(sees32Bit: boolean): Reading<readonly StructOf<'vt_tracepoint'>[]> {
  const shared = readEvents(events, true);
  if ('unavailable' in shared) return shared;
  // Without one of these a call could not be taken back: none may be missing.
  const more = sees32Bit
    ? readEvents(compatEvents, false)
    : available(
        compatEvents.map(() => noTracepoint),
        '',
      );
  if ('unavailable' in more) return more;
  return available([...shared.value, ...more.value], 'tracefs');
}

function readEvents(wanted: typeof events, mayBeAbsent: boolean): Reading<readonly StructOf<'vt_tracepoint'>[]> {
  const found: StructOf<'vt_tracepoint'>[] = [];
  for (const { event, argument, flags } of wanted) {
    const reading = readTracepoint(event);
    if ('value' in reading) {
      const described = describe(reading.value, argument, flags);
      if (described === undefined)
        return unavailable('unsupported', `${reading.source}/format lacks a field that vdsotop reads`);
      found.push(described);
    } else if (mayBeAbsent && found.length > 0 && isAbsentFromKernel(reading)) found.push(noTracepoint);
    else return reading;
  }
  return available(found, 'tracefs');
}

/** Where the kernel has no such tracepoint, it has no such way in either: time(2) is not on arm64. */
const noTracepoint = { id: 0, argument_offset: 0, flags_offset: 0, flags_bytes: 0 };

function describe({ id, fields }: Tracepoint, argument?: string, flags?: string) {
  const argumentField = argument === undefined ? nothing : fields.get(argument);
  const flagsField = flags === undefined ? nothing : fields.get(flags);
  if (argumentField === undefined || flagsField === undefined) return undefined;
  return {
    id,
    argument_offset: argumentField.offset,
    flags_offset: flagsField.offset,
    flags_bytes: flagsField.sizeBytes,
  };
}

const nothing = { offset: 0, sizeBytes: 0 };

/** '0-3' → 4: one more than the highest number a CPU may have. */
function readPossibleCpus(): Reading<number> {
  const path = '/sys/devices/system/cpu/possible';
  try {
    const highest = Number(/(\d+)\s*$/.exec(readText(path))?.[1] ?? Number.NaN);
    return Number.isNaN(highest) ? unavailable('failed', `${path} is empty`) : available(highest + 1, path);
  } catch (error) {
    return unavailable('failed', `reading ${path}: ${errorText(error)}`);
  }
}

/** By VT_STEP_*: the system call that failed there. */
const steps = ['plan', 'bpf(BPF_MAP_CREATE)', 'bpf(BPF_PROG_LOAD)', 'perf_event_open', 'attaching a BPF program'];
const mapStep = 1;
const programStep = 2;

function openFailure(result: number, step: number, pid: number): Unavailable {
  const code = errnoName(result);
  const call = steps[step] ?? `step ${step}`;
  if (code === 'ENOSYS') return unavailable('unsupported', `${call} answered ENOSYS: this kernel has no bpf(2)`);
  if (code === 'EINVAL' && step === mapStep)
    return unavailable(
      'unsupported',
      `${call} answered EINVAL: maps that can be read without a system call need Linux 5.5`,
    );
  // The verifier answers EACCES or EINVAL; a missing capability answers EPERM.
  if (step === programStep && code !== 'EPERM')
    return unavailable(
      'failed',
      `${call} answered ${code}: the kernel refused the counting program (it needs Linux 5.7)`,
    );
  if (isDenied(code)) return deniedCall(call, code, ['BPF', 'PERFMON'], pid);
  return unavailable('failed', `${call} answered ${code}`);
}
