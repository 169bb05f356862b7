import type { Interval } from '../model/interval.ts';
import { joinIntervals } from './join-intervals.ts';
import { isWithin } from './statistics.ts';
import type { WindowRate } from './window-rates.ts';

/** What bounds calls that the other kind of window does not. */
const agreeing = 0.35;
/** Of fewer calls than this, the kind of window that tells the narrower limits is the one that chanced to meet fewer. */
const manyHits = 400;
/** Less alike than this, its windows tell nothing of those it may have missed … */
const unlike = 0.8;
/** … and more alike, that there were no more of them than of those it met. */
const missedBursts = 2;

/**
 * Where one kind was cut short by bursts and bounds nothing, the other may have missed them: it counts if its windows tell
 * about the same, and with as much again for what they missed if they do so roughly. `all`: what was counted of all clocks.
 */
export function joinWindows(caught: WindowRate, counted: WindowRate, all: WindowRate): Interval {
  if (Math.min(caught.hits, counted.hits) < manyHits && tellAlike(caught, counted)) return meanOf(caught, counted);
  const { value, low, high } = joinIntervals(caught, counted);
  const cutShort = [caught, counted].find((one) => one.heldBack && !Number.isFinite(one.high));
  const whole = cutShort === caught ? counted : caught;
  if (cutShort === undefined || !Number.isFinite(whole.high)) return { value, low, high };
  const likeness = whole === counted ? all : whole;
  // Of bursts that go on with what nobody saw, what was caught is certain all the same.
  if (isWithin(agreeing, likeness))
    return { value: whole.value, low: Math.max(whole.low, Math.min(cutShort.low, whole.value)), high: whole.high };
  if (!isWithin(unlike, likeness)) return { value, low, high: Number.POSITIVE_INFINITY };
  return { value, low, high: missedBursts * Math.max(whole.high, cutShort.value) };
}

/** Neither is chosen for what it tells: a mean of both, that of the narrower limits counting more. */
function meanOf(one: Interval, other: Interval): Interval {
  const [a, b] = [one, other].map(({ low, high }) => ((high + low) / (high - low)) ** 2) as [number, number];
  const mean = (pick: keyof Interval) => (one[pick] * a + other[pick] * b) / (a + b);
  return { value: mean('value'), low: mean('low'), high: mean('high') };
}

function tellAlike(one: WindowRate, other: WindowRate): boolean {
  const bounded = [one, other].every(({ low, high }) => Number.isFinite(high) && low > 0);
  return bounded && one.low <= other.high && other.low <= one.high;
}
