import type { CpuSamples } from '../../model/cpu-samples.ts';
import type { Unavailable } from '../../model/reading.ts';
import { nativeLibrary } from '../../native.ts';
import { createBusyThreads } from '../calls/busy-threads.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { isDenied, unavailable } from '../reading.ts';
import { createSampledLoad } from './cpu-sample-load.ts';
import { type Pace, paceOf } from './cpu-sample-pace.ts';
import { createCpuSampleRings } from './cpu-sample-rings.ts';
import { createCpuSampleTally } from './cpu-sample-tally.ts';
import type { CpuSamplesTarget, SampledProcesses } from './cpu-samples-target.ts';
import type { IsKernelClock } from './kernel-clock-functions.ts';
import type { SampledCodes } from './sampled-codes.ts';
import type { SamplingBill } from './sampling-bill.ts';
import type { Paced } from './sampling-rhythm.ts';

/** The samplers of a target's busiest threads, and what they have caught so far. */
export interface PacedSamplers extends Paced {
  /** Samples in the kernel are told by this from now on. */
  tellKernelClock(isKernelClock: IsKernelClock): void;
  /** Counts what was caught by now. */
  drain(): void;
  /** Counts what threads burnt by now. */
  account(): void;
  /** What was counted; where there is nothing, why not. */
  counts(): CpuSamples | Unavailable;
  chargeTurns(): void;
  close(): void;
}

const mostThreads = 16;
/** A thread whose load is not known yet is taken for one that fills a CPU. */
const unknownCores = 1;

export function createPacedSamplers(
  target: CpuSamplesTarget,
  { processOf, codeOf, stillRuns }: SampledProcesses,
  codes: SampledCodes,
  bill: SamplingBill,
): PacedSamplers {
  const rings = createCpuSampleRings(nativeLibrary(), (tid) => {
    const code = codeOf(tid);
    return code && { code, framed: code.moments !== undefined };
  });
  const pick = createBusyThreads(processOf, mostThreads);
  const tally = createCpuSampleTally();
  const load = createSampledLoad(processOf);
  const sampledProcesses = new Set<number>();
  let failure: Unavailable = unavailable('absent', 'no CPU time was sampled yet');
  let isKernelClock: IsKernelClock | undefined;
  let pace: Pace = { periodNs: 1e9, onShare: 1 };
  let periodNs = 0;
  let looks = 0;
  let drainedMs = performance.now();

  const drain = () => {
    const notBeforeMs = drainedMs;
    drainedMs = performance.now();
    const taken = rings.take();
    bill.chargeSamples(taken.length);
    // What a process did before and after an exec is not told apart: neither its samples nor its time count.
    const stale = new Set(rings.open().filter((tid) => !stillRuns(tid)));
    for (const tid of stale) load.drop(tid);
    const samples = taken.filter(({ tid }) => !stale.has(tid));
    for (const { tid } of samples) sampledProcesses.add(processOf(tid) ?? 0);
    codes.add(
      rings.frames().filter(({ frame }) => !stale.has(frame.tid)),
      notBeforeMs,
    );
    if (samples.length > 0) tally.add(samples, periodNs, isKernelClock ?? nowhere);
  };
  const account = () => load.account(rings.open());
  /** What threads were put on CPUs for is priced by the period of that time. */
  const chargeTurns = () => bill.chargeTurns(load.totals().sampledTurns, periodNs);
  const follow = () => {
    const tids = pick(target.threads());
    void codes.learn(tids);
    const refused = rings.follow(tids, periodNs === 0 ? pace.periodNs : periodNs);
    if (refused !== undefined) failure = whyRefused(refused, target.pid);
  };

  return {
    tellKernelClock(found) {
      isKernelClock = found;
    },
    nextPace() {
      drain();
      if (looks % 2 === 0 || rings.open().length === 0) follow();
      looks += 1;
      const share = target.budget + (target.unspent?.() ?? 0);
      pace = paceOf(load.next(rings.open(), unknownCores), share, bill.nsPerSample());
      return pace;
    },
    periodNs: () => periodNs,
    run(on, newPeriodNs) {
      drain();
      account();
      chargeTurns();
      if (newPeriodNs !== undefined) periodNs = Math.round(newPeriodNs);
      rings.run(on, newPeriodNs);
      load.running(on);
    },
    drain,
    account,
    counts() {
      const { threads, ...counts } = tally.counts();
      const { watchedCpuNs, sampledCpuNs } = load.totals();
      if (rings.open().length === 0 && tally.isEmpty()) return failure;
      const seesKernel = rings.seesKernel();
      return {
        periodNs,
        ...counts,
        // A past of more than a thousand tables of thousands of threads would take hundreds of megabytes.
        get threads() {
          return threads();
        },
        watchedCpuNs,
        sampledCpuNs,
        ranNs: rings.ranNs(),
        seesKernel,
        namesKernel: seesKernel && isKernelClock !== undefined,
        lost: rings.lost(),
        ...(target.processes !== undefined && { processes: sampledProcesses.size }),
      };
    },
    chargeTurns,
    close() {
      rings.close();
      load.close();
    },
  };
}

const nowhere: IsKernelClock = () => false;

function whyRefused(errno: string, pid: number): Unavailable {
  if (isDenied(errno)) return deniedCall('sampling the CPU time of the target', errno, ['PERFMON'], pid);
  return unavailable(errno === 'ENOSYS' ? 'unsupported' : 'failed', `perf_event_open of cpu-clock answered ${errno}`);
}
