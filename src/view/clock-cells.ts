import type { PriceNs } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import { type Cell, cell } from './cells.ts';
import { formatCount, formatEstimate, formatKnown, formatNs, formatShare, isUnavailable } from './format.ts';
import { formatNsBounds } from './format-limits.ts';
import { significant } from './rounding.ts';

/** What stands in a column; a footnote sign stands right behind it, in the gap to the next column. */
export interface ColumnCell extends Cell {
  readonly footnote?: string;
}

/** '1.23 µs' */
export const priceWidth = 7;

export function known<T>(value: Known<T>, format: (value: T) => string): Cell {
  return cell(formatKnown(value, format), isUnavailable(value) ? 'unknown' : 'plain');
}

export function count(value: Known<number>, exact: boolean): Cell {
  const shown = known(value, exact ? formatCount : formatEstimate);
  return value === 0 ? cell(shown.text, 'muted') : shown;
}

export function share<T>(value: Known<T>, part: (value: T) => number): Cell {
  const shown = known(value, (whole) => formatShare(part(whole)));
  return !isUnavailable(value) && part(value) === 0 ? cell(shown.text, 'muted') : shown;
}

/**
 * A price that was taken while counters were armed carries an asterisk: it is dearer than the read alone, if the read
 * enters the kernel.
 */
export function price(ns: PriceNs | undefined, entersKernel = true): ColumnCell {
  if (ns === undefined) return cell('–', 'muted');
  return { ...cell(formatNs(ns.p50)), ...(entersKernel && isDearer(ns) ? { footnote: '*' } : {}) };
}

/** The same where columns are as wide as a price: the asterisk takes a place of its own, and a digit's where there is none. */
export function narrowPrice(ns: PriceNs | undefined, entersKernel = true): ColumnCell {
  const { footnote, ...shown } = price(ns, entersKernel);
  if (ns === undefined || footnote === undefined) return shown;
  const text = shown.text.length < priceWidth ? shown.text : formatNs(significant(ns.p50, 2));
  return { ...shown, text: text + footnote };
}

export function isDearer(ns: PriceNs | undefined): boolean {
  return ns?.taken === 'watched';
}

export function spread(ns: PriceNs | undefined): Cell {
  return cell(ns === undefined ? '' : formatNsBounds({ low: ns.p10, high: ns.p90 }), 'muted');
}
