/** A grid of Braille cells, addressed by dot: x from the left, y from the top, two by four dots a cell. */
export interface Raster {
  /** Dots outside the grid are ignored. */
  set(x: number, y: number): void;
  /** Both ends included. */
  line(x0: number, y0: number, x1: number, y1: number): void;
  rows(): readonly string[];
}

/** Bit of each dot in U+2800 + bits, by row and column in its cell (Unicode 15, §21.1). */
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

export function createRaster(columns: number, rows: number): Raster {
  const cells = new Uint8Array(columns * rows);

  const set = (x: number, y: number) => {
    if (!(x >= 0 && x < columns * 2 && y >= 0 && y < rows * 4)) return;
    const cell = (y >> 2) * columns + (x >> 1);
    cells[cell] = (cells[cell] ?? 0) | (dotBits[y & 3]?.[x & 1] ?? 0);
  };

  return {
    set,
    line: (x0, y0, x1, y1) => {
      const steps = Math.max(1, Math.abs(x1 - x0), Math.abs(y1 - y0));
      for (let step = 0; step <= steps; step++)
        set(Math.round(x0 + ((x1 - x0) * step) / steps), Math.round(y0 + ((y1 - y0) * step) / steps));
    },
    rows: () =>
      Array.from({ length: rows }, (_, row) =>
        Array.from(cells.subarray(row * columns, (row + 1) * columns), (dots) =>
          dots === 0 ? ' ' : String.fromCharCode(0x2800 + dots),
        ).join(''),
      ),
  };
}
