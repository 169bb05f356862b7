import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/model/frame.ts';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { gridText } from '../../src/view/cells.ts';
import { clockRows } from '../../src/view/clock-rows.ts';
import { zoomRows } from '../../src/view/zoom.ts';
import { frameOf, frames } from '../ui/frames.ts';

function zoomed(frame: Frame): string {
  const clock = clockRows(frame.report).find(({ name }) => name === 'MONOTONIC');
  return gridText(zoomRows({ frame, clock, scale: 'linear', width: 80, height: 16, drawing: makeDrawing('braille') }));
}

const replayed = { replay: { atSeconds: 60, ofSeconds: 60 } };

describe('the chart of a clock', () => {
  it('says now of what is live', () => {
    expect(zoomed(frames.healthy)).toMatch(/vDSO +now [\d.]+ ns/);
    expect(zoomed(frames.healthy)).toMatch(/−30s +.* now$/m);
  });

  it.each<[string, Frame, RegExp]>([
    ['is paused at', frames.paused, /−72s .* −12s$/m],
    ['was the last of its target', frames.ended, /−60s .* end$/m],
    ['is the end of a replay', frameOf(frames.demo.report, { state: 'paused', ...replayed }), /−60s .* end$/m],
    ['is in a replay that plays', frameOf(frames.demo.report, { behindSeconds: 9, ...replayed }), /−69s .* −9s$/m],
    ['is the step before the last', frameOf(frames.demo.report, { state: 'paused', behindSeconds: 0.3 }), / −0.3s$/m],
  ])('says it of nothing that %s', (_what, frame, axis) => {
    expect(zoomed(frame)).toMatch(/vDSO +last [\d.]+ ns/);
    expect(zoomed(frame)).toMatch(axis);
    expect(zoomed(frame)).not.toContain('now');
  });
});
