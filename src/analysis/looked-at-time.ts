import type { CallerCpuTime, FastWindow, ThreadCpuTime } from '../model/fast-reads.ts';
import type { Snapshot, Window } from '../model/snapshot.ts';
import { isUnavailable, known } from './known.ts';

/** CPU time of the threads that windows looked at, by their schedstat around each window. */
export interface LookedAtTime {
  /**
   * Cores that these threads ran on in the mean between their windows, when no breakpoint slowed them; undefined where that is
   * not known of each for a good part of the time.
   */
  coresOf(tids: ReadonlySet<number>): number | undefined;
  /** What they have burnt in all since they started, nanoseconds: those of which it is known. */
  burntNs(tids: ReadonlySet<number>): number;
  readonly tids: ReadonlySet<number>;
  readonly windows: ReadonlyMap<number, readonly FastWindow[]>;
  /** What all of them had burnt before anything looked at them, nanoseconds. */
  readonly beforeNs: number;
  /** From the beginning of the first window to the end of the last. */
  readonly spanMs: number;
}

/** Of the stretch, as much must lie between windows of a thread. */
const goodPart = 0.5;

export function lookedAtTime({ first, last, fastWindows, fastCounts }: Window): LookedAtTime {
  const stretchMs = last.elapsedMs - first.elapsedMs;
  const windows = Map.groupBy([...fastWindows, ...fastCounts], ({ tid }) => tid);
  const threads = new Map(
    [...windows].map(([tid, own]) => [tid, timesOf(own, [...callersOf(first), ...callersOf(last)], tid)]),
  );
  const coresOf = (tid: number) => {
    const { ranNs, overMs } = betweenWindows(threads.get(tid) ?? []);
    return overMs >= goodPart * stretchMs && overMs > 0 ? ranNs / 1e6 / overMs : undefined;
  };
  return {
    coresOf: (tids) =>
      [...tids].reduce<number | undefined>((sum, tid) => {
        const cores = coresOf(tid);
        return sum === undefined || cores === undefined ? undefined : sum + cores;
      }, 0),
    burntNs: (tids) => [...tids].reduce((sum, tid) => sum + (threads.get(tid)?.at(-1)?.endedNs ?? 0), 0),
    tids: new Set(threads.keys()),
    windows,
    spanMs: spanOf([...threads.values()].flat()),
    beforeNs: [...threads.values()].reduce((sum, [earliest]) => sum + (earliest?.beganNs ?? 0), 0),
  };
}

function spanOf(times: readonly ThreadCpuTime[]): number {
  if (times.length === 0) return 0;
  return (
    times.reduce((end, { endedAtMs }) => Math.max(end, endedAtMs), 0) - Math.min(...times.map((one) => one.beganAtMs))
  );
}

function callersOf({ fastReads }: Snapshot): readonly CallerCpuTime[] {
  const witness = known(fastReads);
  return isUnavailable(witness) ? [] : (witness.callers ?? []);
}

/** One after the other. */
function timesOf(windows: readonly FastWindow[], callers: readonly CallerCpuTime[], tid: number) {
  const times: readonly ThreadCpuTime[] = [
    ...windows.flatMap(({ cpu }) => cpu ?? []),
    ...callers.filter((caller) => caller.tid === tid),
  ];
  return times.toSorted((one, other) => one.beganAtMs - other.beganAtMs);
}

function betweenWindows(times: readonly ThreadCpuTime[]) {
  return times.slice(1).reduce(
    ({ ranNs, overMs }, next, at) => {
      const before = times[at] ?? next;
      return {
        ranNs: ranNs + Math.max(0, next.beganNs - before.endedNs),
        overMs: overMs + Math.max(0, next.beganAtMs - before.endedAtMs),
      };
    },
    { ranNs: 0, overMs: 0 },
  );
}
