import type { Symbols } from './symbols.ts';

const stepsSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
/** A label every so many columns at most. */
const roomColumns = 10;

interface TimeAxis {
  /** Length of the shown stretch of time. */
  readonly seconds: number;
  /** Seconds that its end lies before the newest moment; 0 when it is that. */
  readonly behindSeconds: number;
  /** What the newest moment is called. */
  readonly newest: 'now' | 'end';
  readonly symbols: Symbols;
}

/** One row of exactly `columns`: "−60s     −30s     now", each label under its moment, the ends inside the row. */
export function timeAxis(columns: number, { seconds, behindSeconds, newest, symbols }: TimeAxis): string {
  const minus = symbols === 'ascii' ? '-' : '−';
  const step = stepsSeconds.find((candidate) => (columns * candidate) / seconds >= roomColumns) ?? seconds;
  const first = Math.floor(behindSeconds / step) + 1;
  const inner = Array.from({ length: Math.ceil(seconds / step) }, (_, index) => (first + index) * step - behindSeconds);
  const row = Array<string>(columns).fill(' ');
  // The ends first: what does not fit beside them is left out.
  for (const ago of [0, seconds, ...inner.filter((seen) => seen < seconds)]) {
    const text = ago + behindSeconds === 0 ? newest : ageLabel(ago + behindSeconds, minus);
    const moment = columns - 1 - Math.round((ago / seconds) * (columns - 1));
    write(row, text, Math.min(columns - text.length, Math.max(0, moment - (text.length >> 1))));
  }
  return row.join('');
}

function ageLabel(seconds: number, minus: string): string {
  const whole = Math.round(seconds);
  if (whole === 0) return `${minus}${seconds.toFixed(1)}s`;
  return whole >= 120 && whole % 60 === 0 ? `${minus}${whole / 60}m` : `${minus}${whole}s`;
}

function write(row: string[], text: string, start: number): void {
  const taken = row.slice(Math.max(0, start - 1), start + text.length + 1).some((character) => character !== ' ');
  if (start >= 0 && !taken) row.splice(start, text.length, ...text);
}
