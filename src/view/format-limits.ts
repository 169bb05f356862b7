import type { Interval } from '../model/interval.ts';
import { formatCount, formatEstimate, formatNs, formatShare, leastPercent, nsUnits } from './format.ts';
import { outward, prefixOf, scaled, significant } from './rounding.ts';

/** From here on a limit is so far from its value that the value alone would say too little, or too much. */
const far = 3;

function isWide({ value, low, high }: Interval): boolean {
  return high >= value * far || low * far <= value;
}

/** Of less, or of what was not found at all, the upper limit alone is worth a word. */
export const leastRate = 0.01;

/** An estimate in at most `room` columns: '≈81', or, where a limit is far from it, its limits: '576–3.7 M'. */
export function formatEstimated(estimate: Interval, room = Number.POSITIVE_INFINITY): string {
  if (estimate.value < leastRate) return formatAtMost(estimate);
  if (!isWide(estimate)) return formatEstimate(estimate.value);
  if (estimate.low < leastRate) return formatAtMost(estimate);
  return firstThatFits([formatBounds(estimate), formatBounds(estimate, 1), formatAtMost(estimate)], room);
}

/** An estimate with the limits it lies in: '≈81 k/s (76–86 k)'; of which nothing was caught, its upper one: '<290/s'. */
export function formatEstimatedRate(rate: Interval): string {
  if (rate.value < leastRate) return `${formatAtMost(rate)}/s`;
  return `${formatEstimate(rate.value)}/s (${formatBounds(rate)})`;
}

/**
 * The interval of an estimate, rounded outwards to two significant digits, both ends in the unit of the upper one, which
 * alone carries it: '76–86 k', '0.95–1.1 k', '0–35'. ('950–1.1 k' would read as a low end above the high one.) A low end
 * that is less than a tenth of that unit has its own, where it cannot be read in the other: '57 k–1.1 M', '576–3.6 M'.
 */
export function formatBounds({ low, high }: Interval, digits = 2): string {
  const highest = outward(high, Math.ceil, digits);
  const { step, prefix } = prefixOf(significant(highest, digits));
  const upper = significant(highest / 1_000 ** step, digits);
  return `${lowerEnd(low, { step, upper, digits })}–${upper}${prefix}`;
}

/** A low end that is known is never told as none. */
function lowerEnd(low: number, { step, upper, digits }: UpperEnd): string {
  if (low < roundingErrors) return '0';
  const inUnit = low / 1_000 ** step;
  if (inUnit >= 0.1) return String(significant(outward(inUnit, Math.floor, digits), digits));
  const own = scaled(outward(low, Math.floor, digits), digits);
  if (low >= leastRate && (own.includes(' ') || Number(own) > upper)) return own;
  const thousandths = Math.floor(significant(inUnit * 1_000, 9));
  const shown = thousandths < 10 ? thousandths / 1_000 : Math.floor(thousandths / 10) / 100;
  return shown === 0 ? `<${leastRate}` : String(shown);
}

/** As printed, and in which unit. */
interface UpperEnd {
  readonly step: number;
  readonly upper: number;
  readonly digits: number;
}

/** Differences of what is alike come out as this little: one call in weeks. */
const roundingErrors = 1e-6;

/** The last one is the shortest. */
function firstThatFits(ways: readonly string[], room: number): string {
  return ways.find(({ length }) => length <= room) ?? ways.at(-1) ?? '';
}

/**
 * An estimate of which nothing was caught: not none, but less than the interval's upper end, rounded upwards to two
 * significant digits: '<290', '<1.6 M'.
 */
export function formatAtMost({ high }: Interval): string {
  return high > 0 ? `<${formatCount(outward(high, Math.ceil)).replace('<', '')}` : formatEstimate(0);
}

/**
 * Two such, both in the unit of the upper one, which alone carries it: '21.3–24 ns', '0.95–1.23 µs'; further apart than
 * that, each in its own and rounder: '23 ns–1.2 ms'.
 */
export function formatNsBounds({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  const upper = formatNs(high);
  const unit = nsUnits.findIndex((name) => upper.endsWith(` ${name}`));
  const lower = low / 1_000 ** Math.max(unit, 0);
  if (low >= 0.1 && lower < 0.1) return `${formatNs(significant(low, 2))}–${formatNs(significant(high, 2))}`;
  return `${low < 0.1 ? '<0.1' : significant(lower, lower < 1 ? 2 : 3)}–${upper}`;
}

/**
 * A share with the limits it lies in: '3.4 % (3.1–3.9)'. Limits closer together than two digits are left out; of a share
 * too small to print the upper one is told: '<7 %'.
 */
export function formatShareInterval(share: Interval): string {
  if (share.value * 100 < leastPercent) return shareAtMost(share);
  const limits = shareBounds(share);
  return limits === '' ? formatShare(share.value) : `${formatShare(share.value)} (${limits})`;
}

/**
 * An estimated share in at most `room` columns: '3.4 %', or, where a limit is far from it, its limits:
 * '0.12–7.1 %'. None found is not none, but less than the upper limit; '<' always stands before one: '<0.5 %'.
 */
export function formatSampledShare(share: Interval, room = Number.POSITIVE_INFINITY): string {
  if (share.value * 100 < leastPercent) return shareAtMost(share);
  if (!isWide(share)) return formatShare(share.value);
  if (share.low * 100 < leastPercent) return shareAtMost(share);
  const [low, high] = [outward(share.low * 100, Math.floor, 1), outward(share.high * 100, Math.ceil, 1)];
  const rounder = `${significant(low, 1)}–${significant(high, 1)} %`;
  return firstThatFits([`${shareBounds(share)} %`, rounder, shareAtMost(share)], room);
}

/** The limits of a share alone: '47–55 %'; empty where both would be printed alike. */
export function formatShareLimits(limits: Pick<Interval, 'low' | 'high'>): string {
  const bounds = shareBounds(limits);
  return bounds === '' ? '' : `${bounds} %`;
}

/** '3.1–3.9'; empty where both would be printed alike. */
function shareBounds({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  const [from, to] = [low, high].map((share) => formatShare(share).replace(' %', ''));
  return from === to ? '' : `${from}–${to}`;
}

/** Rounded upwards to two significant digits or a hundredth of a per cent: '<0.5 %', '<0.09 %'. */
function shareAtMost({ value, high }: Interval): string {
  if (high <= 0) return formatShare(value);
  const percent = high * 100;
  const upper = percent < 0.1 ? Math.ceil(significant(percent * 100, 9)) / 100 : outward(percent, Math.ceil);
  return `<${formatShare(upper / 100)}`;
}
