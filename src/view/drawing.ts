export type SymbolSet = 'braille' | 'block' | 'ascii';

/** A moment and a value; null is a gap, which is not zero. */
export interface Point {
  readonly atMs: number;
  readonly value: number | null;
}

/** Values given for each column of a sparkline: a Braille cell shows two, the other symbols the greater one. */
export const placesPerColumn = 2;

export type Scale = 'linear' | 'log';

export interface ChartRequest {
  /** What is drawn: two requests of the same subject differ only by what was measured since. */
  readonly subject: string;
  readonly points: readonly Point[];
  /** The moment at the right edge, which may lie after the newest point. */
  readonly endMs: number;
  readonly second?: readonly Point[];
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
  readonly unit: string;
  /** Seconds that the newest point lies in the past, as when paused; the right edge is labelled with it. */
  readonly behindSeconds: number;
  /** Nothing comes after the newest point: it is the end, and not now. */
  readonly over?: boolean;
  /** Moments to mark on the time axis, milliseconds since the Unix epoch. */
  readonly marks?: readonly number[];
}

/**
 * How curves become rows of characters. The views say what is drawn and how large; whoever shows them says with what,
 * so that views know neither a chart library nor a terminal. Both answer plain text without escape sequences.
 */
export interface Drawing {
  readonly symbols: SymbolSet;
  sparkline(values: readonly (number | null)[], width: number): string;
  chart(request: ChartRequest): readonly string[];
}
