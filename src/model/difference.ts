import type { ReadPath } from './clocks.ts';
import type { FindingVerdict, Role } from './findings.ts';
import type { Interval } from './interval.ts';
import type { TimedPath } from './prices.ts';
import type { Known } from './reading.ts';
import type { Report } from './report.ts';

/** Whether two values differ by more than noise: 'same' says how little could hide; else it cannot be told. */
export type DifferenceVerdict = 'changed' | 'same' | 'cannot-tell';

/** A value before and after, and what the difference is worth. */
export interface Change<T> {
  readonly before: Known<T>;
  readonly after: Known<T>;
  readonly verdict: DifferenceVerdict;
  /** Why it cannot be told, or what else is to be known of it: one sentence. */
  readonly reason?: string;
}

/** Of numbers: with the ratio of after to before and the limits it lies in, as far as noise lets tell. */
export interface NumberChange extends Change<number> {
  /** Prices: after what the host as a whole became faster or slower by was taken out. Absent where either is 0 or unknown. */
  readonly ratio?: Interval;
}

/** The price of one path before and after; p50 and p99 are of batch means, not of calls. */
export interface PriceChange {
  readonly path: TimedPath;
  /** Whether our counters were attached when both prices were taken; 'either' where that makes no difference. */
  readonly taken: 'unwatched' | 'watched' | 'either';
  readonly batches: { readonly before: number; readonly after: number };
  readonly p50: NumberChange;
  readonly p99: NumberChange;
}

/** One clock, or one time function without a clock id, in two stretches of watching. */
export interface ClockDifference {
  /** As in ClockSummary.name. */
  readonly name: string;
  /** 'changed' when anything of it did, 'same' when all that it is read by was told to be the same. */
  readonly verdict: DifferenceVerdict;
  readonly path: Change<ReadPath>;
  readonly kernelEntriesPerSecond: NumberChange;
  readonly fastCallsPerSecond: Change<Interval>;
  readonly prices: readonly PriceChange[];
  readonly coreShare: Change<Interval>;
}

/** A fact of host or target that is not what it was. It stands beside a change; it is not proved to be its cause. */
export interface EnvironmentChange {
  /** 'clocksource', 'kernel', 'libc' … */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** What of the rows that changed it can bear upon; empty where nothing that it bears upon changed. */
  readonly bearsOn: readonly ChangedThing[];
}

export type ChangedThing = 'paths' | 'fast prices' | 'kernel prices' | 'rates';

/** A finding that holds on one side and not, or otherwise, on the other; 'absent': there was no such finding. */
export interface FindingChange {
  readonly id: string;
  readonly title: string;
  readonly clock?: string;
  readonly role: Role;
  readonly before: FindingVerdict | 'absent';
  readonly after: FindingVerdict | 'absent';
}

/** Where one side of a difference comes from. */
export interface DifferenceSide {
  /** A file's name, or 'pid 4711, live'. */
  readonly label: string;
  /** ISO 8601, UTC: the end of the stretch. */
  readonly at: string;
  readonly seconds: number;
  readonly pid: number;
  readonly comm: Known<string>;
  readonly verdict: Report['verdict'];
  readonly headline: string;
}

/** What changed from one stretch of watching to another: pure, and safe to serialise as JSON. */
export interface Difference {
  /** Number of this form. */
  readonly difference: 1;
  readonly tool: { readonly name: 'vdsotop'; readonly version: string };
  readonly before: DifferenceSide;
  readonly after: DifferenceSide;
  readonly verdict: DifferenceVerdict;
  /** Whether something that changed did so for the worse: dearer, by the kernel instead of the vDSO, a greater core share. */
  readonly worse: boolean;
  /** How many times as long everything took after that reads no clock: the speed of the host, which is taken out of prices. */
  readonly hostSlowdown: Known<Interval>;
  /**
   * The same since the counters were armed, which is taken out of prices timed since: absent where `hostSlowdown` is that
   * one, and is taken out of all.
   */
  readonly hostSlowdownWatched?: Known<Interval>;
  /** Clocks by id, then functions: first those that are read otherwise, then those that only their prices changed of. */
  readonly clocks: readonly ClockDifference[];
  /** The likeliest to bear upon what changed first. */
  readonly environment: readonly EnvironmentChange[];
  /** Facts that are not known on one side or both. */
  readonly notCompared: readonly string[];
  readonly findings: readonly FindingChange[];
}
