import { describe, expect, it } from 'vitest';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { gridText, rowWidth } from '../../src/view/cells.ts';
import { buildScreen } from '../../src/view/screen.ts';
import { initialState } from '../../src/view/screen-state.ts';
import { buildStill, type Sight } from '../../src/view/still.ts';
import { frames } from '../ui/frames.ts';

const drawing = makeDrawing('braille');
const sight = (changes: Partial<Sight> = {}): Sight => ({
  frame: frames.demo,
  state: initialState,
  trace: undefined,
  glossary: [],
  ...changes,
});
const still = (changes: Partial<Sight> = {}, columns = 120) => buildStill(sight(changes), { columns, drawing });

describe('a still', () => {
  it('is the screen, with a caption in place of keys', () => {
    const rows = gridText(still()).split('\n');
    const screen = buildScreen({ ...sight(), columns: 120, rows: rows.length, drawing, toast: undefined });
    expect(rows.slice(0, -1)).toEqual(gridText(screen.grid).split('\n').slice(0, -1));
    expect(rows.at(-1)).toBe(' vdsotop 0.1.0 · 2026-11-23 03:12:44 UTC');
  });

  it('says how the data inside can be had back, where there is some', () => {
    const grid = buildStill(sight(), { columns: 120, drawing, dataHint: 'vdsotop replay FILE' });
    expect(gridText(grid)).toMatch(/UTC · vdsotop replay FILE$/);
  });

  it.each(Object.entries(frames))(
    'cuts no more of %s than the highest would, and is no higher than that takes',
    (_, frame) => {
      for (const columns of [60, 80, 120, 200]) {
        const cutAt = (rows: number) => {
          const { facts } = buildScreen({ ...sight({ frame }), columns, rows, drawing, toast: undefined });
          return Math.max(...Object.values(facts.scrollMost));
        };
        const grid = still({ frame }, columns);
        expect(cutAt(grid.length)).toBe(cutAt(90));
        if (grid.length > 40) expect(cutAt(grid.length - 1)).toBeGreaterThan(cutAt(90));
        expect(Math.max(...grid.map(rowWidth))).toBeLessThanOrEqual(columns);
        expect(grid.length).toBeGreaterThanOrEqual(40);
        expect(grid.length).toBeLessThanOrEqual(90);
      }
    },
  );

  it('shows a zoomed panel whole, wherever it was scrolled to', () => {
    const text = gridText(still({ state: { ...initialState, mode: 'why', scroll: { why: 9 } } }));
    expect(text).toContain('why: THREAD_CPUTIME_ID');
    expect(text).toContain('seqcount-contention');
    expect(text).not.toMatch(/\d+–\d+ of \d+/);
  });

  it('shows the clock that was chosen, and the paused moment as paused', () => {
    const text = gridText(still({ frame: frames.paused, state: { ...initialState, selected: 'slot 1' } }));
    expect(text).toMatch(/why: MONOTONIC/);
    expect(text).toMatch(/PAUSED \+\d+s/);
  });
});
