import type { Interval } from '../model/interval.ts';
import type { Known, Reading, Unavailable, UnavailableReason } from '../model/reading.ts';
import { addIntervals } from './statistics.ts';

/** Whether there is no value: the one test every judgement makes before it says anything. */
export function isUnavailable(known: unknown): known is Unavailable {
  return typeof known === 'object' && known !== null && 'unavailable' in known;
}

export function unavailable(reason: UnavailableReason, detail: string, remedy?: string): Unavailable {
  return { unavailable: reason, detail, ...(remedy !== undefined && { remedy }) };
}

/** A Reading as a Report carries it. */
export function known<T>(reading: Reading<T>): Known<T> {
  return 'unavailable' in reading ? reading : reading.value;
}

/** The value turned into another; what is unavailable stays so, with its reason. */
export function mapKnown<T, U>(value: Known<T>, map: (value: T) => U): Known<U> {
  return isUnavailable(value) ? value : map(value);
}

/** The value, or what stands for it where there is none. For arithmetic whose caller has already asked. */
export function orElse<T, U>(value: Known<T>, otherwise: U): T | U {
  return isUnavailable(value) ? otherwise : value;
}

/** The sum of intervals, or the first reason why it cannot be told. */
export function addKnown(values: readonly Known<Interval>[]): Known<Interval> {
  return values.find(isUnavailable) ?? addIntervals(values.filter((value): value is Interval => !isUnavailable(value)));
}

/** The sum, or the first reason why it cannot be told. */
export function sumKnown(values: readonly Known<number>[]): Known<number> {
  return values.reduce<Known<number>>(
    (sum, value) => (isUnavailable(sum) ? sum : isUnavailable(value) ? value : sum + value),
    0,
  );
}
