import Line, { type LineContext, type LineWidget } from 'blessed-contrib/lib/widget/charts/line.js';
import type { Raster } from './raster.ts';

/** Dots between the left edge of the widget's canvas and the first value: its padding, then its axis and a free dot. */
const paddingDots = 2;

/**
 * Has blessed-contrib's line widget draw the axes and the line into `raster`, whose first column becomes the y axis and
 * whose last row the x axis. `heights` are 0 (bottom) to 1 (top), one a dot column; null before the first and after the
 * last one is left out. The widget is never constructed, for that would need a blessed screen, which takes over the
 * terminal: only its drawing runs, on our own canvas.
 */
export function drawBlessedLine(raster: Raster, heights: readonly (number | null)[], rows: number): void {
  const width = heights.length + 2 * paddingDots;
  const widget: LineWidget = {
    options: {
      minY: 0,
      maxY: 1,
      numYLabels: 1,
      showNthLabel: 1,
      xLabelPadding: paddingDots,
      xPadding: paddingDots,
      wholeNumbersOnly: false,
      style: { line: 'line', text: 'text', baseline: 'baseline' },
    },
    // The widget keeps 11 dots below its x axis for labels; two rows of cells more put that axis on the last row.
    canvasSize: { width, height: (rows + 2) * 4 },
    ctx: contextOn(raster),
  };
  // As many x labels as dots, so that the widget spaces values by one dot; their text is ours to write (chart.ts).
  const x = Array<string>(width - paddingDots).fill('');
  Line.prototype.setData.call(widget, [{ x, y: heights.map((height) => height ?? Number.NaN) }]);
}

/** Like a browser's canvas, it passes over points that are not finite (HTML standard, §4.12.5.1.6). */
function contextOn(raster: Raster): LineContext {
  let path: (readonly [x: number, y: number])[] = [];
  return {
    fillStyle: '',
    strokeStyle: '',
    clearRect: () => {},
    // The widget's labels are rounded to whole numbers and carry no unit.
    fillText: () => {},
    moveTo: () => {},
    beginPath: () => {
      path = [];
    },
    lineTo: (x, y) => {
      if (Number.isFinite(x) && Number.isFinite(y)) path.push([Math.floor(x) - paddingDots, Math.floor(y)]);
    },
    stroke: () => {
      path.reduce((from, to) => {
        raster.line(from[0], from[1], to[0], to[1]);
        return to;
      }, path[0] ?? [0, 0]);
    },
  };
}
