import type { CpuSamples } from '../../model/cpu-samples.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { nativeLibrary } from '../../native.ts';
import { createBusyThreads } from '../calls/busy-threads.ts';
import type { RawCallSample } from '../calls/raw-call-sample.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { keepNewest } from '../keep-newest.ts';
import { available, isDenied, unavailable } from '../reading.ts';
import { createSampledLoad } from './cpu-sample-load.ts';
import { type Pace, paceOf, samplesPerTurn } from './cpu-sample-pace.ts';
import type { CpuSamplePrice } from './cpu-sample-price.ts';
import { createCpuSampleRings } from './cpu-sample-rings.ts';
import { createCpuSampleTally } from './cpu-sample-tally.ts';
import { findKernelClockFunctions, type IsKernelClock } from './kernel-clock-functions.ts';
import { createSampledCode, type SampledCode } from './sampled-code.ts';
import type { VdsoPlace } from './vdso-code.ts';

export interface CpuSamplesTarget {
  readonly pid: number;
  /** Thread ids of the target at this moment. */
  readonly threads: () => readonly number[];
  /** Of a tree of processes; absent: all threads are of `pid`, and `vdso` is what it maps. */
  readonly processes?: SampledProcesses;
  /** Undefined where it has none. */
  readonly vdso: VdsoPlace | undefined;
  /** Part of one core that the sampling may take from the target; 0 opens nothing. */
  readonly budget: number;
  /** What it may take besides, asked once a second. */
  readonly unspent?: () => number;
  readonly price: CpuSamplePrice;
  /** Samples in the vDSO come with their calls; absent: they are only counted. */
  readonly calls?: CallsWanted;
}

/** Whose the threads of a tree are. */
export interface SampledProcesses {
  processOf(tid: number): number | undefined;
  /** The vDSO of a thread's process, one object for all that map the same; asked when a thread comes among the sampled. */
  codeOf(tid: number): SampledCode | undefined;
  /** Whether that process has run the same program ever since. */
  stillRuns(tid: number): boolean;
}

export interface CallsWanted {
  /** Our own vDSO's image, whose code is the target's: of another one clocks cannot be told apart. */
  readonly image: Reading<VdsoImage>;
}

/** Samples where the target's busiest threads spend their CPU time. Close it when the target calls exec. */
export interface CpuSampling {
  start(): void;
  read(): Reading<CpuSamples>;
  /** Calls that were interrupted in the vDSO since last asked; empty where they are not wanted. */
  takeCalls(): readonly RawCallSample[];
  /** What sampling has taken from the target so far, priced: its samples, and the switches of sampled threads. */
  spentNs(): number;
  close(): void;
}

const mostThreads = 16;
/** Of a tree in which programs come and go. */
const mostCodes = 64;
const tickMs = 1_000;
/** Less than this is not timed well enough by us to be a stretch. */
const shortestStretchMs = 5;
/** A thread whose load is not known yet is taken for one that fills a CPU. */
const unknownCores = 1;
/**
 * A new period makes each thread begin a whole one anew, and one that runs little may never end it: it is set only where
 * it has changed by more than this, and now and then, lest it beat with what the target does.
 */
const worthAPeriod = 0.4;
const ticksOfAPeriod = 16;
const jitter = 0.1;

export function createCpuSamples(target: CpuSamplesTarget): CpuSampling {
  const native = nativeLibrary();
  const { processOf, codeOf, stillRuns } = target.processes ?? oneProcess(target);
  const codes = new Set<SampledCode>();
  const rings = createCpuSampleRings(native, (tid) => {
    const code = codeOf(tid);
    return code && { code, framed: code.moments !== undefined };
  });
  const pick = createBusyThreads(processOf, mostThreads);
  const tally = createCpuSampleTally();
  const load = createSampledLoad(processOf);
  let failure: Unavailable = unavailable('absent', 'no CPU time was sampled yet');
  let isKernelClock: IsKernelClock | undefined;
  let pace: Pace = { periodNs: 1e9, onShare: 1 };
  let periodNs = 0;
  let spentNs = 0;
  let turnsCharged = 0;
  let timer: NodeJS.Timeout | undefined;
  let started = false;
  let ticks = 0;
  const sampledProcesses = new Set<number>();
  let drainedMs = performance.now();
  let closed = false;

  const nsPerSample = () => {
    const price = target.price.read();
    return 'value' in price ? price.value : 0;
  };
  const later = (run: () => void, ms: number) => {
    if (!closed) timer = setTimeout(run, ms).unref();
  };
  const charge = (samples: number) => {
    if (samples > 0) spentNs += samples * nsPerSample();
  };
  const drain = () => {
    const notBeforeMs = drainedMs;
    drainedMs = performance.now();
    const taken = rings.take();
    charge(taken.length);
    // What a process did before and after an exec is not told apart: neither its samples nor its time count.
    const stale = new Set(rings.open().filter((tid) => !stillRuns(tid)));
    for (const tid of stale) load.drop(tid);
    const samples = taken.filter(({ tid }) => !stale.has(tid));
    for (const { tid } of samples) sampledProcesses.add(processOf(tid) ?? 0);
    for (const [code, frames] of Map.groupBy(rings.frames(), ({ code }) => code)) {
      const fresh = frames.filter(({ frame }) => !stale.has(frame.tid));
      code.moments?.add(
        fresh.map(({ frame }) => frame),
        notBeforeMs,
      );
    }
    if (samples.length > 0) tally.add(samples, periodNs, isKernelClock ?? nowhere);
  };
  /** What threads were put on CPUs for is priced by the period of that time. */
  const chargeTurns = () => {
    const { sampledTurns } = load.totals();
    charge((sampledTurns - turnsCharged) * samplesPerTurn(periodNs));
    turnsCharged = sampledTurns;
  };
  const run = (on: boolean, newPeriodNs?: number) => {
    drain();
    load.account(rings.open());
    chargeTurns();
    if (newPeriodNs !== undefined) periodNs = Math.round(newPeriodNs);
    rings.run(on, newPeriodNs);
    load.running(on);
  };
  /** Learning takes time once, for the first code of all. */
  const learn = async (tids: readonly number[]) => {
    const fresh = [...new Set(tids.map(codeOf))].filter((code) => code !== undefined && !codes.has(code));
    for (const code of fresh) {
      if (code === undefined) continue;
      codes.add(code);
      keepNewest(codes, mostCodes);
      await code.moments?.learn();
    }
  };
  const follow = () => {
    const tids = pick(target.threads());
    void learn(tids);
    const refused = rings.follow(tids, periodNs === 0 ? pace.periodNs : periodNs);
    if (refused === undefined) return;
    failure = isDenied(refused)
      ? deniedCall('sampling the CPU time of the target', refused, ['PERFMON'], target.pid)
      : unavailable(
          refused === 'ENOSYS' ? 'unsupported' : 'failed',
          `perf_event_open of cpu-clock answered ${refused}`,
        );
  };

  /** Once a second: what the threads did decides how they are sampled next. */
  const tick = () => {
    drain();
    if (ticks % 2 === 0 || rings.open().length === 0) follow();
    ticks += 1;
    const share = target.budget + (target.unspent?.() ?? 0);
    pace = paceOf(load.next(rings.open(), unknownCores), share, nsPerSample());
    const fresh = pace.periodNs * (1 + jitter * (2 * Math.random() - 1));
    const change = Math.abs(pace.periodNs / periodNs - 1) > worthAPeriod || ticks % ticksOfAPeriod === 0;
    const newPeriodNs = change || periodNs === 0 ? fresh : undefined;
    if (pace.onShare >= 1) {
      run(true, newPeriodNs);
      return later(tick, tickMs);
    }
    const wantedMs = pace.onShare * tickMs;
    const stretchMs = Math.max(wantedMs, shortestStretchMs);
    run(false);
    const skipped = Math.random() > wantedMs / stretchMs;
    const waitMs = Math.random() * (tickMs - stretchMs);
    later(() => {
      if (!skipped) run(true, newPeriodNs);
      later(() => {
        run(false);
        later(tick, tickMs - waitMs - stretchMs);
      }, stretchMs);
    }, waitMs);
  };

  const begin = async () => {
    const price = await target.price.first();
    if (closed || !('value' in price)) return;
    const found = await findKernelClockFunctions();
    await learn(target.threads());
    if (closed) return;
    if (typeof found === 'function') isKernelClock = found;
    tick();
  };

  return {
    start() {
      if (started || target.budget <= 0) return;
      started = true;
      void begin().catch((error: unknown) => {
        failure = unavailable('failed', `sampling CPU time: ${error instanceof Error ? error.message : error}`);
      });
    },
    read() {
      if (target.budget <= 0) return unavailable('absent', 'CPU time is not sampled: its budget is 0');
      const price = target.price.read();
      if (!('value' in price) && price.unavailable !== 'absent') return price;
      if (!closed) {
        drain();
        load.account(rings.open());
      }
      const { threads, ...counts } = tally.counts();
      const { watchedCpuNs, sampledCpuNs } = load.totals();
      if (rings.open().length === 0 && tally.isEmpty()) return failure;
      const seesKernel = rings.seesKernel();
      const namesKernel = seesKernel && isKernelClock !== undefined;
      return available(
        {
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
          namesKernel,
          lost: rings.lost(),
          ...(target.processes !== undefined && { processes: sampledProcesses.size }),
        },
        "cpu-clock samples of the target's threads",
      );
    },
    takeCalls: () => [...codes].flatMap((code) => code.moments?.take() ?? []),
    spentNs() {
      chargeTurns();
      return spentNs;
    },
    close() {
      if (closed) return;
      drain();
      closed = true;
      clearTimeout(timer);
      rings.close();
    },
  };
}

/** The target is one process, and its sampling is closed when it calls exec. */
function oneProcess({ pid, vdso, calls }: CpuSamplesTarget): SampledProcesses {
  const code = vdso && createSampledCode(vdso, calls?.image);
  return { processOf: () => pid, codeOf: () => code, stillRuns: () => true };
}

const nowhere: IsKernelClock = () => false;
