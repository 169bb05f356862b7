import type { Symbols } from './symbols.ts';

/** Characters for one column. Rung 0 is a gap, rung 1 is zero, the last is the greatest value. */
interface Ladder {
  readonly rungs: number;
  readonly valuesPerColumn: number;
  readonly character: (rungsOfColumn: readonly number[]) => string;
}

/** Dots of the left and of the right half of a Braille cell, filled from below (Unicode 15, §21.1). */
const leftDots = [0, 0x40, 0x44, 0x46, 0x47];
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8];

const ladders: Readonly<Record<Symbols, Ladder>> = {
  braille: {
    rungs: 5,
    valuesPerColumn: 2,
    character: ([left = 0, right = 0]) => {
      const dots = (leftDots[left] ?? 0) | (rightDots[right] ?? 0);
      return dots === 0 ? ' ' : String.fromCharCode(0x2800 + dots);
    },
  },
  block: { rungs: 9, valuesPerColumn: 1, character: ([rung = 0]) => ' ▁▂▃▄▅▆▇█'.charAt(rung) },
  ascii: { rungs: 9, valuesPerColumn: 1, character: ([rung = 0]) => ' _.:-=+*#'.charAt(rung) },
};

/**
 * One row of exactly `width` columns, the newest value at the right, scaled to the greatest value shown. null (and what
 * is not finite) is a gap and stays blank; zero is the baseline; any positive value stands above the baseline. Where
 * there are more values than places, each place shows the greatest of its values, so that no spike is lost.
 */
export function sparkline(values: readonly (number | null)[], width: number, symbols: Symbols): string {
  const ladder = ladders[symbols];
  const columns = Math.max(0, Math.floor(width));
  const places = onePerPlace(values, columns * ladder.valuesPerColumn);
  const rungs = places.map(toRung(greatest(places) ?? 0, ladder.rungs));
  return Array.from({ length: columns }, (_, column) => {
    const start = column * ladder.valuesPerColumn;
    return ladder.character(rungs.slice(start, start + ladder.valuesPerColumn));
  }).join('');
}

function onePerPlace(values: readonly (number | null)[], places: number): readonly (number | null)[] {
  if (values.length <= places) return [...Array<null>(places - values.length).fill(null), ...values];
  const edge = (place: number) => Math.floor((place * values.length) / places);
  return Array.from({ length: places }, (_, place) => greatest(values.slice(edge(place), edge(place + 1))));
}

function greatest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((most, value) => {
    if (value === null || !Number.isFinite(value)) return most;
    return most === null || value > most ? value : most;
  }, null);
}

function toRung(most: number, rungs: number): (value: number | null) => number {
  return (value) => {
    if (value === null || !Number.isFinite(value)) return 0;
    return value <= 0 ? 1 : 1 + Math.max(1, Math.ceil((value / most) * (rungs - 2)));
  };
}
