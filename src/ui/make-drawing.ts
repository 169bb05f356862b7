import { drawChart } from '../chart/chart.ts';
import { sparkline } from '../chart/sparkline.ts';
import type { Symbols } from '../chart/symbols.ts';
import type { ChartRequest, Drawing } from '../view/drawing.ts';

/** A chart is the dearest thing on the screen: a live one is drawn anew when this much of time has been added to it. */
const chartEveryMs = 1_000;

/** Draws with the chosen symbols, and keeps the last chart as long as it would look the same. */
export function makeDrawing(symbols: Symbols): Drawing {
  let last: { readonly request: ChartRequest; readonly rows: readonly string[] } | undefined;
  return {
    symbols,
    sparkline: (values, width) => sparkline(values, width, symbols),
    chart(request) {
      if (last === undefined || !looksTheSame(last.request, request))
        last = { request, rows: drawChart({ ...request, symbols }) };
      return last.rows;
    },
  };
}

function looksTheSame(one: ChartRequest, other: ChartRequest): boolean {
  const shape = (request: ChartRequest) => {
    const { subject, width, height, scale, second, over = false, marks = [] } = request;
    const behind = request.behindSeconds.toFixed(request.behindSeconds < 1 ? 1 : 0);
    return `${subject} ${width} ${height} ${scale} ${second === undefined} ${behind} ${over} ${marks.length}`;
  };
  // Paused, every step is wanted at once.
  const freshness = other.behindSeconds > 0 ? 1 : chartEveryMs;
  return shape(one) === shape(other) && Math.abs(other.endMs - one.endMs) < freshness;
}
