import type { Known, Unavailable, UnavailableReason } from '../model/reading.ts';
import { scaled, significant } from './rounding.ts';

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

/** A count to its last digit: '12,345'. */
export function formatWhole(count: number): string {
  return count.toLocaleString('en');
}

/** A rate or count that is estimated: two significant digits behind '≈'. Zero samples are '≈0', which is not an exact 0. */
export function formatEstimate(value: number): string {
  if (value === 0) return `${approximately}0`;
  return value > 0 && value < 0.01 ? '<0.01' : approximately + scaled(value, 2);
}

export const nsUnits = ['ns', 'µs', 'ms', 's'] as const;

/** Nanoseconds as '23.1 ns', '1.23 µs', '10.5 ms'. */
export function formatNs(ns: number): string {
  if (ns < 0.1) return '<0.1 ns';
  const rounded = significant(ns, 3);
  const step = Math.min(Math.max(Math.floor(Math.log10(rounded) / 3), 0), nsUnits.length - 1);
  return `${significant(rounded / 1_000 ** step, 3)} ${nsUnits[step]}`;
}

/** A smaller share is too small to print. */
export const leastPercent = 0.01;

/** A share of one core or of a whole as per cent: '0 %', '<0.01 %', '3.4 %', '11 %', '104 %'. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < leastPercent) return `<${leastPercent} %`;
  return `${percent < 9.95 ? significant(percent, 2) : Math.round(percent)} %`;
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
