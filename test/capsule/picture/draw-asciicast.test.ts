import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { decodeCapsule } from '../../../src/capsule/decode-capsule.ts';
import { type CastScreen, drawAsciicast } from '../../../src/capsule/picture/draw-asciicast.ts';
import { startReplay } from '../../../src/session/replay.ts';
import { makeDrawing } from '../../../src/ui/make-drawing.ts';
import { cell, gridText } from '../../../src/view/cells.ts';
import { buildScreen } from '../../../src/view/screen.ts';
import { initialState } from '../../../src/view/screen-state.ts';
import { reading, recordingText } from '../recordings.ts';

const size = { columns: 120, rows: 40 };
const cast = { ...size, title: 'vdsotop: server (pid 7)', startedAtMs: 1_795_884_904_626 };

/** Every moment of the recording as a screen. */
function screens(): readonly CastScreen[] {
  const replay = startReplay(decodeCapsule(recordingText('demo'), reading), { version: '0.1.0', notes: [] });
  const looks = { state: initialState, ...size, drawing: makeDrawing('braille'), glossary: [] };
  return [...replay.frames()].map((frame) => ({
    atMs: (frame.replay?.atSeconds ?? 0) * 1_000,
    grid: buildScreen({ ...looks, frame, toast: undefined, trace: undefined }).grid,
  }));
}

const parsed = (lines: Iterable<string>) => [...lines].map((line) => JSON.parse(line));

describe('an asciicast', () => {
  it('has the header and the events of version 3 (https://docs.asciinema.org/manual/asciicast/v3/)', () => {
    const [header, ...events] = parsed(drawAsciicast(cast, screens()));
    expect(header).toEqual({
      version: 3,
      term: { cols: 120, rows: 40, type: 'xterm-256color' },
      timestamp: 1_795_884_904,
      title: 'vdsotop: server (pid 7)',
    });
    for (const event of events)
      expect(event).toEqual([expect.any(Number), expect.stringMatching(/^[ox]$/), expect.any(String)]);
    expect(events.at(-1)).toEqual([0, 'x', '0']);
    expect(events.length).toBeGreaterThan(10);
  });

  it('shows each screen at its time, in a terminal that draws only what is written', async () => {
    const all = screens();
    const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
    const [, ...events] = parsed(drawAsciicast(cast, all)) as [object, ...[number, string, string][]];
    const shown = () =>
      Array.from(
        { length: size.rows },
        (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '',
      ).join('\n');
    let atMs = 0;
    let at = 0;
    for (const [seconds, code, data] of events) {
      if (code !== 'o') continue;
      atMs += seconds * 1_000;
      await new Promise<void>((resolve) => terminal.write(data, resolve));
      while (at < all.length - 1 && Math.round(all[at]?.atMs ?? 0) < Math.round(atMs)) at += 1;
      expect(shown().trimEnd()).toBe(gridText(all[at]?.grid ?? []).trimEnd());
    }
    expect(at).toBe(all.length - 1);
  });

  it('brings no escape but its own to the player, and no control character to who prints the file', () => {
    const hostile = 'a\u009b31mb\u001b]0;t\u0007c\u2028d\u202ee\u0085f';
    const grid = [[cell(hostile), cell(hostile, 'bad')], [cell('second')]];
    const lines = [...drawAsciicast({ ...cast, title: hostile }, [{ atMs: 0, grid }])];
    for (const line of lines) expect(line).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]+\n$/u);
    const [header, [, , output]] = parsed(lines);
    expect(header.title).toBe('a31mb]0;tcdef');
    const foreign = output.replaceAll(/\u001b\[[?\d;]*[lJHKm]/g, '');
    expect(foreign).toBe(`${'a31mb]0;tcdef'.repeat(2)}second`);
  });

  it('writes a row only when it changed, and times without drift', () => {
    const grid = (second: string) => [[cell('first')], [cell(second)]];
    const steps = Array.from({ length: 7 }, (_, index) => ({ atMs: index * 333.4, grid: grid(`row ${index >> 1}`) }));
    const [, ...events] = parsed(drawAsciicast({ ...cast, rows: 2 }, steps));
    expect(events[0][2]).toContain('first');
    expect(events.slice(1).some(([, , data]) => data.includes('first'))).toBe(false);
    expect(events).toHaveLength(5);
    const seconds = events.reduce((sum, [interval]) => sum + interval, 0);
    expect(seconds).toBeCloseTo(2, 6);
  });
});
