import type { CpuSamples } from '../model/cpu-samples.ts';
import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known, unavailable } from './known.ts';
import { scaleInterval, shareInterval } from './statistics.ts';

/** Where the target's CPU time went in a stretch, by CPU sampling; shares are of one core. */
export interface SampledTime {
  /** In [vdso]. */
  readonly vdso: Interval;
  /** In the kernel's entry code and clock functions; unavailable where those are not known or not seen. */
  readonly kernelClock: Known<Interval>;
  /** What no sampled thread burnt: as far as was seen, and at most, which `vdso.high` takes for spent in [vdso]. */
  readonly unsampled: Pick<Interval, 'value' | 'high'>;
  /** Part of all the CPU time in [vdso], that in the kernel counted in; absent where that is not seen. */
  readonly vdsoPart?: number;
  /** Samples in [vdso] by symbol, and by thread. */
  readonly symbols: Readonly<Record<string, number>>;
  readonly threads: ReadonlyMap<number, number>;
  readonly vdsoSamples: number;
}

/** Two ticks may be missing from the CPU time of a process (proc_pid_stat(5)). */
const missingCpuSeconds = 0.02;
/** Fewer samples than this say nothing. */
const fewestSamples = 5;
/** Fewer samples in [vdso] than this tell its share less well than the calls that breakpoints caught. */
export const fewSamples = 4;

/** Of the samples between the two ends; where the sampling began anew in between, of those since. */
export function measureSampledTime(
  { first, last }: Pick<Window, 'first' | 'last'>,
  cores: Known<number>,
  unseen: UnseenTime = { cameAndWent: false, early: 0 },
): Known<SampledTime> {
  const end = known(last.cpuSamples);
  if (isUnavailable(end)) return end;
  const begin = known(first.cpuSamples);
  const base = isUnavailable(begin) || begin.weights.all > end.weights.all ? undefined : begin;
  const seconds = (last.elapsedMs - first.elapsedMs) / 1_000;
  const taken = subtract(base, end);
  if (!(seconds > 0)) return unavailable('absent', 'no time has passed yet in this window');
  if (isUnavailable(cores)) return cores;
  if (taken.samples < fewestSamples) return sparse(taken, cores, seconds);
  const time = timeOf(taken, { ...unseen, wholeWindow: base !== undefined, cores, seconds });
  return {
    vdso: shareOfCore(taken, taken.weights.vdso, time),
    unsampled: { value: time.rest, high: time.mostRest },
    ...(taken.seesKernel && { vdsoPart: taken.weights.vdso / taken.weights.all }),
    kernelClock: end.namesKernel
      ? shareOfCore(taken, taken.weights.kernelClock, time)
      : unavailable(
          'denied',
          end.seesKernel
            ? "the addresses of the kernel's functions are hidden"
            : 'samples of the kernel are not permitted',
          end.seesKernel ? 'sudo sysctl kernel.kptr_restrict=0' : undefined,
        ),
    symbols: taken.symbols,
    threads: taken.threads,
    vdsoSamples: taken.vdso,
  };
}

/** Next to no CPU time was sampled: only what was burnt in all bounds what may have gone into the vDSO. */
function sparse(taken: Taken, cores: number, seconds: number): Known<SampledTime> {
  if (cores > 0.5) return unavailable('absent', 'too few CPU samples yet');
  const high = cores + missingCpuSeconds / seconds;
  const value = taken.samples === 0 ? 0 : (cores * taken.vdso) / taken.samples;
  const { symbols, threads, vdso: vdsoSamples } = taken;
  return {
    vdso: { value, low: 0, high },
    unsampled: { value: high, high },
    kernelClock: { value: 0, low: 0, high },
    symbols,
    threads,
    vdsoSamples,
  };
}

interface Taken {
  readonly samples: number;
  readonly vdso: number;
  readonly weights: CpuSamples['weights'];
  readonly watchedCpuNs: number;
  readonly sampledCpuNs: number;
  readonly ranNs: number;
  readonly seesKernel: boolean;
  readonly symbols: Readonly<Record<string, number>>;
  /** Samples in [vdso] by thread; those of threads in which none was taken too. */
  readonly threads: ReadonlyMap<number, number>;
}

function subtract(base: CpuSamples | undefined, end: CpuSamples): Taken {
  const before = new Map((base?.threads ?? []).map((thread) => [thread.tid, thread]));
  const since = end.threads.map((thread) => {
    const old = before.get(thread.tid);
    return { tid: thread.tid, samples: thread.samples - (old?.samples ?? 0), vdso: thread.vdso - (old?.vdso ?? 0) };
  });
  const weight = (part: keyof CpuSamples['weights']) => end.weights[part] - (base?.weights[part] ?? 0);
  return {
    samples: since.reduce((sum, { samples }) => sum + samples, 0),
    vdso: since.reduce((sum, { vdso }) => sum + vdso, 0),
    weights: {
      all: weight('all'),
      vdso: weight('vdso'),
      kernelClock: weight('kernelClock'),
      kernel: weight('kernel'),
      squares: weight('squares'),
    },
    watchedCpuNs: end.watchedCpuNs - (base?.watchedCpuNs ?? 0),
    sampledCpuNs: end.sampledCpuNs - (base?.sampledCpuNs ?? 0),
    ranNs: end.ranNs - (base?.ranNs ?? 0),
    seesKernel: end.seesKernel,
    symbols: Object.fromEntries(
      Object.entries(end.vdsoSymbols).map(([name, count]) => [name, count - (base?.vdsoSymbols[name] ?? 0)]),
    ),
    threads: new Map(since.map(({ tid, vdso }) => [tid, vdso])),
  };
}

/** What CPU samples cannot have met. */
export interface UnseenTime {
  /** Threads ended that may have lived too shortly to be sampled. */
  readonly cameAndWent: boolean;
  /** Cores that a program burnt as it began (earlyCores). */
  readonly early: number;
}

interface Stretch extends UnseenTime {
  readonly wholeWindow: boolean;
  readonly cores: number;
  readonly seconds: number;
}

/** What samples stand for, in cores, and what no sampled thread burnt: seen to have been burnt, and at most. */
interface CoreTime {
  readonly sampled: number;
  readonly rest: number;
  readonly mostRest: number;
}

/**
 * Samples are of the time that a thread runs as perf has it, which leaves out what switching the thread costs before and
 * after perf's own switch, and counts in what a hypervisor took: that is not in the CPU time, so the smaller of both is
 * taken. Without kernel samples they are only of user code, whose time they alone tell.
 */
function timeOf(taken: Taken, { wholeWindow, cameAndWent, early, cores, seconds }: Stretch): CoreTime {
  const { weights, watchedCpuNs, sampledCpuNs, ranNs } = taken;
  const scale = sampledCpuNs > 0 ? watchedCpuNs / sampledCpuNs : 1;
  const watched = wholeWindow ? watchedCpuNs / 1e9 / seconds : cores;
  const part = sampledCpuNs > 0 ? Math.min(1, ranNs / sampledCpuNs) : 1;
  const sampled = taken.seesKernel ? watched * part : Math.min(watched, (weights.all * scale) / 1e9 / seconds);
  const missing = missingCpuSeconds / seconds;
  const rest = wholeWindow ? Math.max(0, cores - watched - missing) : 0;
  const notWatched = cameAndWent ? Math.max(0, cores - watchedCpuNs / 1e9 / seconds) + missing : rest;
  const mostRest = Math.max(notWatched, rest + early);
  return { sampled, rest, mostRest };
}

/** Threads that were not sampled may have spent all or nothing of their time there; as much as the others is the guess. */
function shareOfCore({ weights }: Taken, weight: number, { sampled, rest, mostRest }: CoreTime): Interval {
  const share = shareInterval(weight / weights.all, weights.all ** 2 / weights.squares);
  const { value, low, high } = scaleInterval(share, sampled);
  return { value: value + share.value * rest, low, high: high + mostRest };
}

/** The CPU samples of a stretch in [vdso], by thread; nothing where there are none. */
export function vdsoSamplesOf(time: Known<SampledTime>): ReadonlyMap<number, number> {
  return isUnavailable(time) ? new Map() : time.threads;
}
