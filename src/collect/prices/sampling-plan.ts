import type { TimedCall, TimedPath, TimingSample } from '../../model/prices.ts';
import { encodeStructs } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';

/** One thing that the sampler times, batch after batch. */
export interface PlannedBatch {
  readonly call: TimedCall;
  /** For clock_gettime. */
  readonly clockId: number | undefined;
  readonly path: TimedPath;
}

/** The vDSO's own clocks, those it always hands to the kernel (2, 3, 8, 9), and TAI. */
const clockIds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11];
const functions = ['gettimeofday', 'time', 'getcpu'] as const;
const everyPath = ['libc', 'vdso', 'syscall'] as const;

/** In the timed loop of a fast call; the library takes a quarter of a slow one (100 ns or more). */
const callsPerBatch = 1_024;

/** VT_CALL_* and VT_PATH_* of native/vdsotop.h, in their order. */
const callNumbers: readonly TimedCall[] = [
  'clock_gettime',
  'gettimeofday',
  'time',
  'getcpu',
  'null_syscall',
  'counter',
  'clock_getres',
];
const pathNumbers: readonly TimedPath[] = ['libc', 'vdso', 'syscall', 'vsyscall', 'raw'];

/** Everything worth timing. The vsyscall page only where our own maps show it executable: elsewhere calling it kills. */
export function samplingPlan(vsyscallExecutable: boolean): readonly PlannedBatch[] {
  const functionPaths = vsyscallExecutable ? [...everyPath, 'vsyscall' as const] : everyPath;
  return [
    ...clockIds.flatMap((clockId) => everyPath.map((path) => ({ call: 'clock_gettime' as const, clockId, path }))),
    ...functions.flatMap((call) => functionPaths.map((path) => ({ call, clockId: undefined, path }))),
    // Of REALTIME: the clocks that a vDSO serves all have a constant for an answer, and the others are syscalls anyway.
    ...everyPath.map((path) => ({ call: 'clock_getres' as const, clockId: undefined, path })),
    { call: 'null_syscall', clockId: undefined, path: 'syscall' },
    { call: 'counter', clockId: undefined, path: 'raw' },
  ];
}

/** The plan as struct vt_batch[]. */
export function encodePlan(plan: readonly PlannedBatch[]): Uint8Array {
  return encodeStructs(
    'vt_batch',
    plan.map(({ call, clockId, path }) => ({
      call: callNumbers.indexOf(call),
      clock_id: clockId ?? 0,
      path: pathNumbers.indexOf(path),
      calls: callsPerBatch,
    })),
  );
}

/** One sample per thing, CPU and batch length. A batch that answered an error, or was disturbed, has no price. */
export function toSamples(
  plan: readonly PlannedBatch[],
  results: readonly StructOf<'vt_batch_result'>[],
  watched: boolean,
): readonly TimingSample[] {
  const prices = Map.groupBy(
    results.filter(({ error }) => error === 0),
    ({ plan_index, cpu, calls }) => `${plan_index} ${cpu} ${calls}`,
  );
  return [...prices.values()].flatMap((group) => {
    const [first] = group;
    const planned = first && plan[first.plan_index];
    if (first === undefined || planned === undefined) return [];
    const perCallNs = group.map(({ per_call_ns }) => per_call_ns);
    return [{ ...planned, cpu: first.cpu, callsPerBatch: first.calls, perCallNs, watched }];
  });
}
