import type { CallSite, CallSites } from './call-sites.ts';
import type { ClockPage } from './clock-page.ts';
import type { OwnCost } from './cost.ts';
import type { CpuSamples } from './cpu-samples.ts';
import type { EntryTotals } from './entries.ts';
import type { SessionEvent } from './events.ts';
import type { FastReadWitness, FastWindow } from './fast-reads.ts';
import type { HostFacts } from './host.ts';
import type { TimingSample } from './prices.ts';
import type { Reading } from './reading.ts';
import type { TargetActivity, TargetFacts } from './target.ts';
import type { TreeFacts } from './tree-facts.ts';

/** Everything the collectors know at one moment. */
export interface Snapshot {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Milliseconds since vdsotop attached, by a monotonic clock. */
  readonly elapsedMs: number;
  readonly host: HostFacts;
  readonly target: TargetFacts;
  /** Where the target is watched with all processes below it; absent: it is one process. */
  readonly tree?: TreeFacts;
  readonly activity: Reading<TargetActivity>;
  readonly entries: Reading<EntryTotals>;
  readonly fastReads: Reading<FastReadWitness>;
  /** Windows of breakpoints that ended since the snapshot before. */
  readonly fastWindows: readonly FastWindow[];
  /** The same of those that only counted; absent in recordings from before 0.2. */
  readonly fastCounts?: readonly FastWindow[];
  readonly cpuSamples: Reading<CpuSamples>;
  readonly callSites: Reading<CallSites>;
  readonly clockPage: Reading<ClockPage>;
  /** Samples taken since the snapshot before. */
  readonly timings: readonly TimingSample[];
  /** Prices taken before the counters were armed; anew after a switch of the clocksource, and else the same array. */
  readonly unwatched: readonly TimingSample[];
  readonly cost: OwnCost;
  /** All events so far, oldest first, bounded. */
  readonly events: readonly SessionEvent[];
  readonly ended: boolean;
  /** `elapsedMs` of the snapshot with which the window began: at attach, exec, another clocksource or a reset. */
  readonly sinceMs: number;
}

/** A stretch of watching to be judged. */
export interface Window {
  /** The snapshot at which the stretch begins; counters are differences from it. */
  readonly first: Snapshot;
  readonly last: Snapshot;
  /** Timing samples of the stretch. */
  readonly timings: readonly TimingSample[];
  /** Windows of breakpoints that ended in the stretch. */
  readonly fastWindows: readonly FastWindow[];
  /** The same of those that only counted. */
  readonly fastCounts: readonly FastWindow[];
  /** Call sites that were sampled from each snapshot to the next, where any were. */
  readonly siteSteps: readonly (readonly CallSite[])[];
  /** Threads that lived at once, in the snapshots of the stretch with the most; undefined where that is not known. */
  readonly mostThreads?: number | undefined;
  /** Prices taken before the counters were armed: the only ones used for cost and what-if. */
  readonly unwatchedTimings: readonly TimingSample[];
  /** Seconds since attach or reset: at least the length of the stretch. */
  readonly watchedSeconds: number;
}
