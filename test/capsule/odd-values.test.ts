import { expect, it } from 'vitest';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { encodeCapsule } from '../../src/capsule/encode-capsule.ts';
import { drawSvg } from '../../src/capsule/picture/draw-svg.ts';
import { makePicture } from '../../src/capsule/picture/make-picture.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { startReplay } from '../../src/session/replay.ts';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { gridText } from '../../src/view/cells.ts';
import { renderReportMarkdown } from '../../src/view/report-markdown.ts';
import { renderReportText } from '../../src/view/report-text.ts';
import { buildScreen } from '../../src/view/screen.ts';
import { initialState, type Mode } from '../../src/view/screen-state.ts';
import { buildStill } from '../../src/view/still.ts';
import { createBelow, fuzzTimeoutMs, fuzzTimes } from '../fuzz/fuzz.ts';
import { reading, recordingText } from './recordings.ts';

/**
 * A file may hold any value of the right shape: a count of −10¹⁸, a base address 'zz'. Whatever is judged of it, it is
 * judged and drawn, and nobody's terminal is left in pieces by an error.
 */
const recorded = decodeCapsule(recordingText('demo'), reading);
const below = createBelow(5);
const random = () => below(2 ** 32) / 2 ** 32;
const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
const numbers = [0, -1, -1e18, 1e18, 1e300, 5e-324, 2 ** 32, 0.5, -0.5, 9e15];
const texts = ['', '0', 'ffffffffffffffff', 'zz', '9'.repeat(40), '∞'.repeat(50), '</svg>', '-rf /'];
const modes: readonly Mode[] = ['overview', 'why', 'chart', 'callSites', 'threads', 'mappings'];

/** The value with some of its parts replaced; words that must be one of a few stay. */
function odd(value: unknown, part: number): unknown {
  if (typeof value === 'number') return random() < part ? pick(numbers) : value;
  if (typeof value === 'string') return random() < part && /[/ .0-9]/.test(value) ? pick(texts) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return random() < part ? [] : value.map((element) => odd(element, part));
  if ('source' in value && random() < part) return { unavailable: 'failed', detail: 'odd' };
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, odd(field, part)]));
}

function oddSnapshot(snapshot: Snapshot, part: number): Snapshot {
  const { atMs, elapsedMs, sinceMs, events } = snapshot;
  return { ...(odd(snapshot, part) as Snapshot), atMs, elapsedMs, sinceMs, events };
}

function drawPicture(replay: ReturnType<typeof startReplay>): string {
  const frame = replay.frame();
  if (frame === undefined) throw new Error('nothing was judged');
  const sight = { frame, state: initialState, trace: undefined, glossary: [] };
  const grid = buildStill(sight, { columns: 120, drawing: makeDrawing('braille') });
  return drawSvg(makePicture(grid, frame.report, 120, 'dark'));
}

it(
  'is judged and drawn, whatever values it holds',
  () => {
    const looks = { columns: 120, rows: 40, drawing: makeDrawing('braille'), glossary: [] };
    let opened = 0;
    for (let round = 0; round < 60 * fuzzTimes; round += 1) {
      const part = pick([0.005, 0.02, 0.1]);
      const snapshots = recorded.snapshots.slice(0, 5).map((snapshot) => oddSnapshot(snapshot, part));
      const text = encodeCapsule({ ...recorded, snapshots });
      let capsule: typeof recorded;
      try {
        capsule = decodeCapsule(text, reading);
      } catch {
        continue;
      }
      opened += 1;
      const replay = startReplay(capsule, { version: '0.1.0', notes: [] });
      for (const frame of replay.frames()) {
        const state = { ...initialState, mode: pick(modes) };
        const { grid } = buildScreen({ ...looks, frame, state, toast: undefined, trace: undefined });
        expect(grid).toHaveLength(40);
        for (const line of gridText(grid).split('\n')) expect(line).not.toMatch(/NaN|undefined|\[object/);
      }
      const report = replay.report();
      if (report === undefined) throw new Error('nothing was judged');
      expect(renderReportText(report, 80)).not.toMatch(/undefined|\[object/);
      expect(renderReportMarkdown(report)).not.toMatch(/undefined|\[object/);
      expect(drawPicture(replay)).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
      replay.close();
    }
    expect(opened).toBeGreaterThan(30 * fuzzTimes);
  },
  fuzzTimeoutMs,
);
