import { cellSize } from './cell-size.ts';

/** In whole pixels from the upper left corner of the cell. */
export type Rect = readonly [x: number, y: number, width: number, height: number];

/** A character as filled areas. */
export interface GlyphShape {
  readonly rects: readonly Rect[];
  /** Of a shade: how much of the ink it lets through. */
  readonly opacity?: number;
}

const { width, height } = cellSize;

/**
 * Braille, blocks and light box lines as areas, because many monospace fonts lack them (DejaVu Sans Mono has no Braille)
 * and those that have them leave seams between cells. undefined for characters that a font draws.
 */
export function glyphShape(character: string): GlyphShape | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x2500) return undefined;
  if (code >= 0x2800 && code <= 0x28ff) return { rects: brailleRects(code - 0x2800) };
  if (code >= 0x2591 && code <= 0x2593) return { rects: [[0, 0, width, height]], opacity: (code - 0x2590) / 4 };
  const block = blockRect(code);
  if (block !== undefined) return { rects: [block] };
  const arms = boxArms[character];
  return arms === undefined ? undefined : { rects: boxRects(arms) };
}

/** Where the dots are, by bit: 1–3 and 4–6 run down the two columns, 7 and 8 stand below them (Unicode 15, §21.1). */
const dotPlaces: readonly (readonly [column: number, row: number])[] = [
  ...([0, 1, 2] as const).map((row) => [0, row] as const),
  ...([0, 1, 2] as const).map((row) => [1, row] as const),
  [0, 3],
  [1, 3],
];
const dot = 2;

function brailleRects(bits: number): readonly Rect[] {
  const across = width / 2;
  const down = height / 4;
  return dotPlaces
    .filter((_, bit) => (bits & (1 << bit)) !== 0)
    .map(([column, row]) => [column * across + (across - dot) / 2, row * down + (down - dot) / 2, dot, dot]);
}

/** U+2580–2590: upper half, lower eighths, left eighths, right half. */
function blockRect(code: number): Rect | undefined {
  if (code === 0x2580) return [0, 0, width, height / 2];
  if (code >= 0x2581 && code <= 0x2588) {
    const high = ((code - 0x2580) * height) / 8;
    return [0, height - high, width, high];
  }
  if (code >= 0x2589 && code <= 0x258f) return [0, 0, ((0x2590 - code) * width) / 8, height];
  return code === 0x2590 ? [width / 2, 0, width / 2, height] : undefined;
}

/** Which sides of the cell a light box line reaches; rounded corners are drawn as corners. */
const boxArms: Readonly<Record<string, string>> = {
  ...{ '─': 'LR', '│': 'UD', '┌': 'RD', '┐': 'LD', '└': 'RU', '┘': 'LU' },
  ...{ '├': 'UDR', '┤': 'UDL', '┬': 'LRD', '┴': 'LRU', '┼': 'LRUD' },
  ...{ '╭': 'RD', '╮': 'LD', '╰': 'RU', '╯': 'LU' },
};

function boxRects(arms: string): readonly Rect[] {
  const [middle, centre] = [width / 2, height / 2];
  const left = arms.includes('L') ? 0 : middle;
  const right = arms.includes('R') ? width : middle + 1;
  const top = arms.includes('U') ? 0 : centre;
  const bottom = arms.includes('D') ? height : centre + 1;
  const across: Rect = [left, centre, right - left, 1];
  const down: Rect = [middle, top, 1, bottom - top];
  const isAcross = /[LR]/.test(arms);
  const isDown = /[UD]/.test(arms);
  return [...(isAcross ? [across] : []), ...(isDown ? [down] : [])];
}
