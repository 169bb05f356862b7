import type { Interval } from '../model/interval.ts';
import type { Known, Unavailable, UnavailableReason } from '../model/reading.ts';

/** The words that stand where a value cannot: never 0, never blank. Short enough for the narrowest column. */
const unavailableWords: Readonly<Record<UnavailableReason, string>> = {
  denied: 'denied',
  absent: 'absent',
  unsupported: 'n/a',
  failed: 'failed',
};

/** U+2248 marks whatever was sampled or estimated instead of counted. */
const approximately = '≈';

export function isUnavailable<T>(value: Known<T>): value is Unavailable {
  return typeof value === 'object' && value !== null && 'unavailable' in value;
}

export function unavailableWord(value: Unavailable): string {
  return unavailableWords[value.unavailable];
}

/** In a sentence: 'libc absent' would say that there is none. */
export function notKnown(value: Unavailable): string {
  return `not known (${unavailableWord(value)})`;
}

/** The value formatted, or the word for why there is none. */
export function formatKnown<T>(value: Known<T>, format: (value: T) => string): string {
  return isUnavailable(value) ? unavailableWord(value) : format(value);
}

/** A count or rate with at most three significant digits and an SI prefix: '0', '12.3', '100 k', '1.23 M'. */
export function formatCount(value: number): string {
  if (value === 0) return '0';
  if (value > 0 && value < 0.01) return '<0.01';
  return scaled(value, 3);
}

/** The same for an estimate: two significant digits behind '≈'. Zero samples are '≈0', which is not an exact 0. */
export function formatEstimate(value: number): string {
  if (value === 0) return `${approximately}0`;
  return value > 0 && value < 0.01 ? '<0.01' : approximately + scaled(value, 2);
}

/**
 * The interval of an estimate, rounded outwards to two significant digits, both ends in the unit of the upper one, which
 * alone carries it: '76–86 k', '0.95–1.1 k', '0–35'. ('950–1.1 k' would read as a low end above the high one.)
 */
export function formatBounds({ low, high }: Interval): string {
  const highest = outward(high, Math.ceil);
  const { step, prefix } = prefixOf(significant(highest, 2));
  const lowest = outward(low / 1_000 ** step, Math.floor);
  const shown = lowest < 0.1 ? Math.floor(significant(lowest * 100, 9)) / 100 : significant(lowest, 2);
  return `${shown}–${significant(highest / 1_000 ** step, 2)}${prefix}`;
}

const nsUnits = ['ns', 'µs', 'ms', 's'] as const;

/** Nanoseconds as '23.1 ns', '1.23 µs', '10.5 ms'. */
export function formatNs(ns: number): string {
  if (ns < 0.1) return '<0.1 ns';
  const rounded = significant(ns, 3);
  const step = Math.min(Math.max(Math.floor(Math.log10(rounded) / 3), 0), nsUnits.length - 1);
  return `${significant(rounded / 1_000 ** step, 3)} ${nsUnits[step]}`;
}

/** Two such, both in the unit of the upper one, which alone carries it: '21.3–24 ns', '0.95–1.23 µs'. */
export function formatNsBounds({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  const upper = formatNs(high);
  const unit = nsUnits.findIndex((name) => upper.endsWith(` ${name}`));
  const lower = low / 1_000 ** Math.max(unit, 0);
  return `${low < 0.1 ? '<0.1' : significant(lower, lower < 1 ? 2 : 3)}–${upper}`;
}

/** A share of one core or of a whole as per cent: '0 %', '<0.01 %', '3.4 %', '11 %', '104 %'. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '<0.01 %';
  return `${percent < 9.95 ? significant(percent, 2) : Math.round(percent)} %`;
}

/** A share with the interval it lies in: '3.4 % (3.1–3.9)'. Bounds closer together than two digits are left out. */
export function formatShareInterval({ value, low, high }: Interval): string {
  const bound = (share: number) => formatShare(share).replace(' %', '');
  // Bounds that would be printed alike say nothing.
  return bound(low) === bound(high) ? formatShare(value) : `${formatShare(value)} (${bound(low)}–${bound(high)})`;
}

/**
 * A share found by sampling: none found is not none, but less than the interval's upper end, rounded upwards to two
 * significant digits or a hundredth of a per cent: '<0.5 %', '<0.09 %'.
 */
export function formatSampledShare({ value, high }: Interval): string {
  if (value !== 0 || high <= 0) return formatShare(value);
  const percent = high * 100;
  const upper = percent < 0.1 ? Math.ceil(significant(percent * 100, 9)) / 100 : outward(percent, Math.ceil);
  return `<${formatShare(upper / 100)}`;
}

/**
 * An estimate of which nothing was caught: not none, but less than the interval's upper end, rounded upwards to two
 * significant digits: '<290', '<1.6 M'.
 */
export function formatAtMost({ high }: Interval): string {
  return high > 0 ? `<${formatCount(outward(high, Math.ceil)).replace('<', '')}` : formatEstimate(0);
}

/** How many times as much: '7.4×', '120×', '1.2 k×'. */
export function formatRatio(ratio: number): string {
  if (ratio < 9.95) return `${significant(ratio, 2)}×`;
  return ratio < 999.5 ? `${Math.round(ratio)}×` : `${scaled(ratio, 2)}×`;
}

/** '41 ms', '0.4 s', '14 s', '2 m 14 s', '3 h 5 m': as `secondsPhrase` of analysis/ says it inside a sentence. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 0.0005 && seconds < 0.0995) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 9.95) return `${Math.max(seconds, 0).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} m`;
}

/** Sampling interval: '250 ms', '1 s'. */
export function formatInterval(intervalMs: number): string {
  return intervalMs < 1_000 ? `${intervalMs} ms` : `${significant(intervalMs / 1_000, 3)} s`;
}

/** Binary units, as the sizes of mappings and resident memory are powers of two: '8 KiB', '104 MiB'. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${significant(bytes / 1_024 ** step, 3)} ${units[step]}`;
}

/** '2026-11-28 03:12:44 UTC' of an ISO 8601 moment. */
export function formatUtcDate(iso: string): string {
  return `${iso.slice(0, 10)} ${formatUtcTime(iso)}`;
}

/** '03:12:44 UTC' of an ISO 8601 moment. */
export function formatUtcTime(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

/** '03:12:44' of milliseconds since the Unix epoch, UTC. */
export function formatUtcMs(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}

/** '37 threads', '1 thread'. */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rounded to two significant digits in one direction; what is too little to tell from nothing is 0, or 0.01. */
function outward(value: number, round: (steps: number) => number): number {
  if (value < 0.01) return value <= 0 ? 0 : round(value / 0.01) * 0.01;
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  // The quotient of 76,000 and 1,000 may come out a trifle beside 76.
  return round(significant(value / step, 9)) * step;
}

function scaled(value: number, digits: number): string {
  const rounded = significant(value, digits);
  const { step, prefix } = prefixOf(rounded);
  return `${significant(rounded / 1_000 ** step, digits)}${prefix}`;
}

/** `step`: so many thousands are one of the unit. */
function prefixOf(value: number): { readonly step: number; readonly prefix: string } {
  const prefixes = ['', ' k', ' M', ' G', ' T'];
  const thousands = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / 3);
  const step = Math.min(Math.max(thousands, 0), prefixes.length - 1);
  return { step, prefix: prefixes[step] ?? '' };
}

function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
