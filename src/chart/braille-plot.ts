import { drawBlessedLine } from './blessed-line.ts';
import { hasGap, type Plot } from './plot.ts';
import { createRaster, type Raster } from './raster.ts';

/** Dots between the left edge and the first value: the cell of the y axis. */
const axisDots = 2;

/**
 * Plot in Braille dots. blessed-contrib's line widget draws an unbroken line on a linear axis; it knows no gaps and no
 * other axis, so those are drawn here, to the same measure. The second line is dashed.
 */
export const braillePlot: Plot = {
  placesPerColumn: 2,
  rowOf: (height, rows) => dotOf(height, rows) >> 2,
  draw: ({ heights, second, rows, kind }) => {
    const raster = createRaster(heights.length / 2 + 1, rows + 1);
    if (kind === 'linear' && !hasGap(heights)) drawBlessedLine(raster, heights, rows + 1);
    else {
      drawAxes(raster, heights.length, rows);
      drawLine(raster, heights, rows, 'solid');
    }
    drawLine(raster, second, rows, 'dashed');
    return raster.rows();
  },
};

function drawAxes(raster: Raster, places: number, rows: number): void {
  const axis = rows * 4 + 1;
  raster.line(0, 0, 0, axis);
  raster.line(0, axis, places + axisDots, axis);
}

/** A dashed line is blank in every second cell where it is level; its rises and falls are never left out. */
function drawLine(raster: Raster, heights: readonly (number | null)[], rows: number, look: 'solid' | 'dashed'): void {
  heights.forEach((height, place) => {
    if (height === null) return;
    const x = place + axisDots;
    const y = dotOf(height, rows);
    const before = dotOf(heights[place - 1] ?? height, rows);
    const level = Math.abs(y - before) <= 1;
    if (look === 'dashed' && level && place % 4 >= 2) return;
    if (level) raster.set(x, y);
    else raster.line(x - 1, before, x, y);
  });
}

/** The widget's own measure (its getYPixel): two dots free above the x axis, which is the second dot below the plot. */
function dotOf(height: number, rows: number): number {
  const axis = rows * 4 + 1;
  return Math.max(0, Math.floor(axis - axis * height - 2));
}
