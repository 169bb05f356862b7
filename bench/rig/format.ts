import type { Estimate } from './statistics.ts';

/** Three significant digits, never an exponent: 30,100 · 163 · 7.42 · 0.0123. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** '1.2 to 3.4 ns (min to max of 12)'. */
export function formatRange({ low, high }: Estimate, unit: string, count: number): string {
  return `${formatNumber(low)} to ${formatNumber(high)}${unit} (min to max of ${count})`;
}

/** '-0.1 to 0.3 % (95 % confidence, 120 pairs)'. */
export function formatConfidence({ low, high }: Estimate, unit: string, count: string): string {
  return `${formatNumber(low)} to ${formatNumber(high)}${unit} (95 % confidence, ${count})`;
}
