import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import { formatCount, formatKnown, formatNs, formatRatio, formatSeconds } from './format.ts';
import { formatShareInterval } from './format-limits.ts';

/** A quantity that a condition asked for, and what it was. */
export interface SeenQuantity {
  readonly text: string;
  readonly kind: string;
  readonly value: Known<number | string | Interval>;
}

const formats: Readonly<Record<string, (value: number) => string>> = {
  time: formatNs,
  seconds: formatSeconds,
  rate: (value) => `${formatCount(value)}/s`,
  ratio: formatRatio,
};

/** 'BOOTTIME.vdso.p99 was 1.32 µs, threads was 37' */
export function seenQuantities(seen: readonly SeenQuantity[]): string {
  return seen
    .map(({ text, kind, value }) => `${text} was ${formatKnown(value, (known) => inWords(known, kind))}`)
    .join(', ');
}

function inWords(value: number | string | Interval, kind: string): string {
  if (typeof value === 'string') return value;
  if (kind === 'share' || kind === 'cores')
    return formatShareInterval(typeof value === 'number' ? { value, low: value, high: value } : value);
  const format = formats[kind] ?? formatCount;
  return typeof value === 'number'
    ? format(value)
    : `${format(value.value)} (${format(value.low)} to ${format(value.high)})`;
}
