import type { EntryFunction } from '../model/clock-calls.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { callsNotTold } from './calls-not-told.ts';
import { type InterruptedCalls, interruptedCalls } from './clock-times.ts';
import { type CountedEntries, countEntries } from './counted-entries.ts';
import { estimateFastPath, type FastPath } from './fast-calls.ts';
import { type HowWitnessed, howWitnessed } from './how-witnessed.ts';
import { isUnavailable, known, mapKnown, unavailable } from './known.ts';
import { livedThreads } from './lived-threads.ts';
import { isShortWatch } from './phrase.ts';
import { collectPrices, type Priced, type Prices } from './prices.ts';
import { remembering } from './remembering.ts';
import { cheaper } from './vdso-call-time.ts';
import { measureService, type VdsoService } from './vdso-service.ts';
import { type MostCalls, type WitnessedCalls, witnessCalls } from './witnessed-calls.ts';

/** A window turned into numbers: what was counted, caught, timed and burnt in it. */
export interface Measurements {
  readonly window: Window;
  readonly counted: Known<CountedEntries>;
  readonly witnessed: Known<WitnessedCalls>;
  readonly howWitnessed: (fn: EntryFunction) => HowWitnessed;
  readonly prices: Prices;
  readonly service: VdsoService;
  /** CPU time the target burnt a second, in cores. */
  readonly cpuCores: Known<number>;
  readonly threads: Known<number>;
  /** Threads that lived in the window: those there are, and those that ended. */
  readonly livedThreads: Known<number>;
  readonly mostCalls: MostCalls;
  /** Calls that CPU samples interrupted, where no breakpoint is hit. */
  readonly interrupted: InterruptedCalls;
  /** Calls of clock_gettime that were counted, of which clocks is not told. */
  readonly callsNotTold: number;
  /** What breakpoints and CPU sampling tell of the vDSO. */
  readonly fastPath: FastPath;
}

export function measureWindow(window: Window): Measurements {
  const prices = collectPrices(window);
  const cpuCores = burntCores(window);
  const service = measureService(prices, window.last.host, window.last.clockPage);
  const threads = mapKnown(known(window.last.activity), ({ threadCount }) => threadCount);
  const mostCalls = mostCallsOf(window, prices, cpuCores);
  const interrupted = interruptedCalls(window);
  const counted = countEntries(window);
  const lived = livedThreads(window);
  const witnessed = witnessCalls(window);
  return {
    window,
    counted,
    witnessed,
    howWitnessed: remembering((fn: EntryFunction) => howWitnessed(window, witnessed, fn)),
    prices,
    service,
    cpuCores,
    threads,
    livedThreads: lived,
    mostCalls,
    interrupted,
    callsNotTold: callsNotTold(window, counted, service),
    fastPath: estimateFastPath({
      ...{ window, prices, service, cpuCores, threads, mostCalls, interrupted },
      livedThreads: lived,
    }),
  };
}

function burntCores({ first, last }: Window): Known<number> {
  const before = known(first.activity);
  const after = known(last.activity);
  if (isUnavailable(after)) return after;
  if (isUnavailable(before)) return before;
  const elapsedNs = (last.elapsedMs - first.elapsedMs) * 1e6;
  // What it burnt after the last look at it went with it: of a short life that may be all.
  if (last.ended && isShortWatch(elapsedNs / 1e9))
    return unavailable('absent', 'the target ended before this could be read');
  if (!(elapsedNs > 0)) return unavailable('absent', 'no time has passed yet in this window');
  return Math.max(0, after.cpuTimeNs - before.cpuTimeNs) / elapsedNs;
}

/** CPU time is counted in clock ticks at worst (proc_pid_stat(5)): two of them may be missing in a window. */
const missingCpuSeconds = 0.02;

const calls: readonly Omit<Priced, 'path'>[] = [
  ...[0, 1, 5, 6].map((clockId) => ({ call: 'clock_gettime' as const, clockId })),
  { call: 'gettimeofday' },
  { call: 'time' },
  { call: 'getcpu' },
];

/** No vDSO call is cheaper than the cheapest that was timed, and what the target does in between hides part of it. */
function mostCallsOf({ first, last }: Window, prices: Prices, cpuCores: Known<number>): MostCalls {
  const elapsedSeconds = (last.elapsedMs - first.elapsedMs) / 1_000;
  const cheapest = calls.flatMap((call) => {
    const price = prices.unwatched({ ...call, path: 'vdso' });
    return price === undefined || price.p10 <= 0 ? [] : [price.p10];
  });
  if (isUnavailable(cpuCores) || cheapest.length === 0 || !(elapsedSeconds > 0)) return undefined;
  return (cpuCores + missingCpuSeconds / elapsedSeconds) / ((Math.min(...cheapest) * cheaper) / 1e9);
}
