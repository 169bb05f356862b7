import { tickLabel } from './tick-label.ts';

export type ScaleKind = 'linear' | 'log';

export interface Tick {
  /** 0 (bottom) to 1 (top). */
  readonly height: number;
  readonly label: string;
}

/** Turns values into heights between 0 (bottom) and 1 (top); ticks go upwards. */
export interface ValueScale {
  readonly height: (value: number) => number;
  readonly ticks: readonly Tick[];
}

interface ScaleRequest {
  readonly values: readonly number[];
  /** Rows of the plot, which bound how many ticks fit and how much headroom one dot is. */
  readonly rows: number;
  readonly unit: string;
}

const scales: Readonly<Record<ScaleKind, (request: ScaleRequest) => ValueScale>> = {
  linear: linearScale,
  log: logScale,
};

/** `values` are finite; without any there are no ticks. Values below zero stand on the bottom. */
export function valueScale(kind: ScaleKind, request: ScaleRequest): ValueScale {
  return request.values.length === 0 ? { height: () => 0, ticks: [] } : scales[kind](request);
}

/** From zero, in steps of 1, 2 or 5 times a power of ten. */
function linearScale({ values, rows, unit }: ScaleRequest): ValueScale {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  // Of the least number that there is no part is left.
  const wanted = most / Math.min(5, Math.max(1, Math.floor(rows / 2))) || most;
  const step = most > 0 ? roundStep(wanted) : 1;
  const divisions = Math.max(1, Math.ceil(most / step / topHeight(rows)));
  return {
    // Divided twice, so that no product can overflow.
    height: (value) => clamp(value / step / divisions),
    ticks: Array.from({ length: divisions }, (_, index) => ({
      height: index / divisions,
      label: tickLabel(index * step, unit),
    })),
  };
}

/** Whole decades. Zero has no place on a logarithmic axis: where it occurs it gets the lowest row to itself. */
function logScale({ values, rows, unit }: ScaleRequest): ValueScale {
  const positive = values.filter((value) => value > 0);
  const zeroBand = positive.length < values.length ? 1 / rows : 0;
  const zeroTicks = zeroBand > 0 ? [{ height: 0, label: '0' }] : [];
  if (positive.length === 0) return { height: () => 0, ticks: zeroTicks };

  const low = Math.floor(Math.log10(positive.reduce((a, b) => Math.min(a, b))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(positive.reduce((a, b) => Math.max(a, b)))));
  const decadeHeight = (topHeight(rows) - zeroBand) / (high - low);
  const heightAt = (decade: number) => clamp(zeroBand + decadeHeight * (decade - low));
  const every = Math.ceil((high - low) / Math.max(1, rows - 1));
  const decades = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, index) => low + index * every);
  return {
    height: (value) => (value > 0 ? heightAt(Math.log10(value)) : 0),
    ticks: [
      ...zeroTicks,
      ...decades
        // Both ends of what a number can hold: there is no 1e309, nor is there a 1e-324.
        .filter((decade) => Number.isFinite(10 ** decade) && 10 ** decade > 0)
        .map((decade) => ({ height: heightAt(decade), label: tickLabel(10 ** decade, unit) })),
    ],
  };
}

/** The greatest height in use: half a row stays free at the top, as much as blessed-contrib's line is lifted by. */
function topHeight(rows: number): number {
  return 1 - 0.5 / rows;
}

/** The least of 1, 2 and 5 times a power of ten that is not below `atLeast`. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  // At the ends of what a number can hold, powers of ten vanish or overflow.
  const usable = (step: number) => step >= atLeast && step > 0 && Number.isFinite(step);
  return [1, 2, 5, 10].map((factor) => factor * power).find(usable) ?? atLeast;
}

function clamp(height: number): number {
  return Math.min(1, Math.max(0, height));
}
