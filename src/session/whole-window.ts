import { mostThreads } from '../analysis/most-threads.ts';
import { siteSteps } from '../analysis/site-steps.ts';
import { makeWindow } from '../analysis/window.ts';
import type { CallSite } from '../model/call-sites.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import type { TimingSample } from '../model/prices.ts';
import type { Snapshot, Window } from '../model/snapshot.ts';
import { createThinnedList } from './thinned-list.ts';

/** About an hour of either; of more than that they are a sample, evenly from all of the time. */
const mostWindows = 4_096;
const mostTimings = 8_192;
const mostSteps = 1_024;

/** Everything from attach, exec, another clocksource or a reset to the newest snapshot, however long that is. */
export interface WholeWindow {
  add(snapshot: Snapshot): void;
  /** Undefined before the first snapshot. */
  window(): Window | undefined;
}

/** Counters are differences from the first snapshot, which is held; what lies between is gathered as it passes. */
export function createWholeWindow(): WholeWindow {
  let ends: { readonly first: Snapshot; readonly last: Snapshot } | undefined;
  let between = nothingYet();
  let threads: number | undefined;

  return {
    add(snapshot) {
      const { sinceMs } = snapshot;
      if (ends === undefined || ends.first.elapsedMs < sinceMs) {
        const before = ends?.last;
        const first = before !== undefined && before.elapsedMs >= sinceMs ? before : snapshot;
        ends = { first, last: first };
        between = nothingYet();
        threads = mostThreads([first]);
        if (first === snapshot) return;
      }
      between.siteSteps.add(siteSteps([ends.last, snapshot]));
      ends = { ...ends, last: snapshot };
      threads = mostThreads([snapshot], threads);
      between.timings.add(snapshot.timings);
      between.fastWindows.add(snapshot.fastWindows);
      between.fastCounts.add(snapshot.fastCounts ?? []);
    },
    window() {
      if (ends === undefined) return undefined;
      const { first, last } = ends;
      if (first === last) return makeWindow([last], last.unwatched);
      return {
        ...makeWindow([first, last], last.unwatched, last.sinceMs),
        timings: between.timings.all(),
        fastWindows: between.fastWindows.all(),
        fastCounts: between.fastCounts.all(),
        siteSteps: between.siteSteps.all(),
        mostThreads: threads,
      };
    },
  };
}

function nothingYet() {
  return {
    timings: createThinnedList<TimingSample>(mostTimings),
    fastWindows: createThinnedList<FastWindow>(mostWindows),
    fastCounts: createThinnedList<FastWindow>(mostWindows),
    siteSteps: createThinnedList<readonly CallSite[]>(mostSteps),
  };
}
