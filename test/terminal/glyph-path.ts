/** Size of a cell in pixels: that of DejaVu Sans Mono at 14 px, whose glyphs are 0.602 em wide. */
export const cell = { width: 8.43, height: 17, fontSize: 14 };

/** An SVG path that paints a character, and how: strokes of lines, round dots, or areas. */
export interface GlyphPath {
  readonly look: 'line' | 'dot' | 'area';
  readonly path: string;
  readonly opacity?: number;
}

/**
 * Braille, blocks and box lines as geometry, because many monospace fonts lack them (DejaVu Sans Mono has no Braille)
 * and those that have them leave seams between cells. undefined for characters that a font should draw.
 */
export function glyphPath(character: string, left: number, top: number): GlyphPath | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x2800 && code <= 0x28ff) return { look: 'dot', path: braillePath(code - 0x2800, left, top) };
  if (code >= 0x2591 && code <= 0x2593)
    return { look: 'area', path: area(left, top, [0, 0, 1, 1]), opacity: (code - 0x2590) / 4 };
  const filled = blockAreas(code);
  if (filled) return { look: 'area', path: area(left, top, filled) };
  const arms = boxArms[character];
  return arms === undefined ? undefined : { look: 'line', path: boxPath(arms, left, top) };
}

/** Dots 1–3 and 4–6 run down the two columns, 7 and 8 stand below them (Unicode 15, §21.1). */
function braillePath(bits: number, left: number, top: number): string {
  const places = [0, 1, 2, 4, 5, 6, 3, 7];
  return places
    .map((place, bit) => {
      if ((bits & (1 << bit)) === 0) return '';
      const x = left + ((place >> 2) + 0.5) * (cell.width / 2);
      const y = top + ((place & 3) + 0.5) * (cell.height / 4);
      return `M${round(x)} ${round(y)}h0`;
    })
    .join('');
}

type Area = readonly [x: number, y: number, width: number, height: number];

/** U+2580–2590, in parts of a cell: upper half, lower eighths, left eighths, right half. */
function blockAreas(code: number): Area | undefined {
  if (code === 0x2580) return [0, 0, 1, 0.5];
  if (code >= 0x2581 && code <= 0x2588) return [0, 1 - (code - 0x2580) / 8, 1, (code - 0x2580) / 8];
  if (code >= 0x2589 && code <= 0x258f) return [0, 0, (0x2590 - code) / 8, 1];
  return code === 0x2590 ? [0.5, 0, 0.5, 1] : undefined;
}

function area(left: number, top: number, [x, y, width, height]: Area): string {
  const across = round(width * cell.width);
  const start = `M${round(left + x * cell.width)} ${round(top + y * cell.height)}`;
  return `${start}h${across}v${round(height * cell.height)}h${-across}z`;
}

/** Which sides of the cell a light box line reaches; a lower-case r rounds the corner. */
const boxArms: Readonly<Record<string, string>> = {
  ...{ '─': 'LR', '│': 'UD', '┌': 'RD', '┐': 'LD', '└': 'RU', '┘': 'LU' },
  ...{ '├': 'UDR', '┤': 'UDL', '┬': 'LRD', '┴': 'LRU', '┼': 'LRUD' },
  ...{ '╭': 'RDr', '╮': 'LDr', '╰': 'RUr', '╯': 'LUr' },
};

function boxPath(arms: string, left: number, top: number): string {
  const middle = [left + cell.width / 2, top + cell.height / 2] as const;
  const ends = {
    L: [left, middle[1]],
    R: [left + cell.width, middle[1]],
    U: [middle[0], top],
    D: [middle[0], top + cell.height],
  } as const;
  const sides = (['L', 'R', 'U', 'D'] as const).filter((side) => arms.includes(side));
  const at = ([x, y]: readonly [number, number]) => `${round(x)} ${round(y)}`;
  if (arms.endsWith('r')) {
    const [from, to] = sides.map((side) => at(ends[side]));
    return `M${from}Q${at(middle)} ${to}`;
  }
  return sides.map((side) => `M${at(middle)}L${at(ends[side])}`).join('');
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
