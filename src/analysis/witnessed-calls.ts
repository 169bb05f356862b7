import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastReadWitness, RefusedFunction } from '../model/fast-reads.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known } from './known.ts';
import { poissonLower, poissonUpper } from './statistics.ts';

/**
 * vDSO calls caught at the breakpoints during a stretch. A call is not yet a fast read: where the vDSO does not serve
 * the clock, the same call goes on into the kernel.
 */
export interface WitnessedCalls {
  readonly hits: FastReadWitness['hits'];
  readonly armedThreadSeconds: number;
  readonly windows: number;
  readonly boundedWindows: number;
  /** Functions on which a breakpoint could not be set, in some thread or for some of the time. */
  readonly refused: readonly RefusedFunction[];
}

/** Calls a second; `high` is Infinity where nothing bounds them. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export function witnessCalls({ first, last }: Pick<Window, 'first' | 'last'>): Known<WitnessedCalls> {
  const end = known(last.fastReads);
  if (isUnavailable(end)) return end;
  const begin = known(first.fastReads);
  const base = isUnavailable(begin) || wasRestarted(begin, end) ? nothing : begin;
  return {
    hits: end.hits.map((hit) => ({ ...hit, count: hit.count - hitsOf(base.hits, hit.fn, hit.slot) })),
    armedThreadSeconds: (end.armedThreadMs - base.armedThreadMs) / 1_000,
    windows: end.windows - base.windows,
    boundedWindows: end.boundedWindows - base.boundedWindows,
    refused: (end.refused ?? []).filter((one) => wasRefusedSince(base, one)),
  };
}

const nothing: FastReadWitness = { hits: [], armedThreadMs: 0, boundedWindows: 0, windows: 0 };

function wasRestarted(begin: FastReadWitness, end: FastReadWitness): boolean {
  return (
    end.armedThreadMs < begin.armedThreadMs ||
    end.windows < begin.windows ||
    begin.hits.some(({ fn, slot, count }) => hitsOf(end.hits, fn, slot) < count)
  );
}

/** Where it is not told how often, it was in the newest windows. */
function wasRefusedSince({ refused = [] }: FastReadWitness, { fn, times }: RefusedFunction): boolean {
  return times === undefined || times > (refused.find((one) => one.fn === fn)?.times ?? 0);
}

export function hitsOf(hits: FastReadWitness['hits'], fn: EntryFunction, slot: ClockSlot): number {
  return hits.filter((hit) => hit.fn === fn && hit.slot === slot).reduce((sum, { count }) => sum + count, 0);
}

/** Whether it looked at all: no hit in no time says nothing. */
export function hasLooked({ windows, armedThreadSeconds }: WitnessedCalls): boolean {
  return windows > 0 && armedThreadSeconds > 0;
}

/**
 * What the target's CPU time allows at most: vDSO calls a second, were it to do nothing else; undefined if not known.
 */
export type MostCalls = number | undefined;

/** A hit costs the thread 2 to 10 µs, in which it gets nothing else done. */
const hitSeconds = 10e-6;

/**
 * Calls a second of the whole target that `hits` of one kind allow, with 99 % limits. Low: some thread calls at least
 * as often as the watched ones did on average. High: every thread that often, once there was time enough for all of
 * them; or the kind's part of all the calls that were caught, were the target to do nothing but call the vDSO.
 */
export function callRate(
  witnessed: WitnessedCalls,
  hits: number,
  threads: number | undefined,
  most: MostCalls,
): Bounds {
  if (!hasLooked(witnessed)) return unbounded;
  const low = poissonLower(hits) / witnessed.armedThreadSeconds;
  if (threads === undefined || !watchedEnough(witnessed, threads)) return { low, high: Number.POSITIVE_INFINITY };
  return { low, high: Math.min(highestByTime(witnessed, hits, threads), highestByPart(witnessed, hits, most)) };
}

export const unbounded: Bounds = { low: 0, high: Number.POSITIVE_INFINITY };

/** Watched for less than this on average, threads cannot be judged by those that were. The busiest are watched most. */
const secondsPerThread = 0.01;

export function watchedEnough({ armedThreadSeconds }: WitnessedCalls, threads: number | undefined): boolean {
  return threads !== undefined && armedThreadSeconds >= threads * secondsPerThread;
}

/**
 * A window that was cut short by its bound of hits counts as armed to its end, though it saw no more of that function:
 * it is left out, and with it every upper limit for what was caught there.
 */
function highestByTime(witnessed: WitnessedCalls, hits: number, threads: number): number {
  const { armedThreadSeconds, windows, boundedWindows } = witnessed;
  const whole = (armedThreadSeconds * (windows - boundedWindows)) / windows;
  const running = whole - allHits(witnessed) * hitSeconds;
  const cutShort = hits > 0 && boundedWindows > 0;
  return running > 0 && !cutShort ? (poissonUpper(hits) / running) * threads : Number.POSITIVE_INFINITY;
}

/** Fewer hits than this are no sample of what the target calls. */
const sampleSize = 30;

function highestByPart(witnessed: WitnessedCalls, hits: number, most: MostCalls): number {
  const all = allHits(witnessed);
  if (most === undefined || all < sampleSize) return Number.POSITIVE_INFINITY;
  return Math.min(1, poissonUpper(hits) / all) * most;
}

function allHits({ hits }: WitnessedCalls): number {
  return hits.reduce((sum, { count }) => sum + count, 0);
}
