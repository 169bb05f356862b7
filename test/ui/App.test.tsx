import { afterEach, describe, expect, it } from 'vitest';
import { compareWatches } from '../../src/analysis/diff/compare-watches.ts';
import type { Frame } from '../../src/model/frame.ts';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { runLive } from '../../src/ui/render-live.tsx';
import { gridText } from '../../src/view/cells.ts';
import { buildScreen } from '../../src/view/screen.ts';
import { initialState } from '../../src/view/screen-state.ts';
import { makeWatch } from '../analysis/diff/watch-builder.ts';
import { type FakeSession, fakeSession } from './fake-session.ts';
import { type FakeTerminal, fakeTerminal, see } from './fake-terminal.ts';
import { demoReport, frameOf, frames } from './frames.ts';

interface Started {
  readonly session: FakeSession;
  readonly terminal: FakeTerminal;
  readonly left: ReturnType<typeof runLive>;
}

let running: Started | undefined;

async function start(
  frame: Frame | 'none' = frames.demo,
  columns = 80,
  rows = 24,
  options: { readonly perfTraceAsked?: boolean } = {},
): Promise<Started> {
  const session = fakeSession(frame === 'none' ? undefined : frame);
  const terminal = fakeTerminal(columns, rows);
  const { stdin, stdout } = terminal;
  const glossary = [{ id: 'vdso-disabled', title: 'The kernel was started with vdso=0' }];
  const left = runLive(session, { symbols: 'braille', glossary, stdin, stdout, ...options });
  running = { session, terminal, left };
  await see(terminal, frame === 'none' ? 'measuring' : '03:12:44 UTC');
  return running;
}

/** Presses a key and waits for what it must bring onto the screen. */
const press = (terminal: FakeTerminal, keys: string, wanted: string | RegExp) => {
  terminal.press(keys);
  return see(terminal, wanted);
};

const up = '\u001b[A';
const down = '\u001b[B';
const right = '\u001b[C';
const left = '\u001b[D';
const shiftTab = '\u001b[Z';
const esc = '\u001b';

afterEach(async () => {
  running?.terminal.press('q');
  await running?.left;
  running = undefined;
});

describe('keys that choose a clock', () => {
  it.each([
    [right, left],
    ['l', 'h'],
    [']', '['],
    [down, up],
    ['j', 'k'],
  ])('%j goes on and %j goes back', async (forth, back) => {
    const { terminal } = await start();
    await press(terminal, forth, 'why: MONOTONIC');
    await press(terminal, back, 'why: THREAD_CPUTIME_ID');
  });

  it('1–9 jump, g and G go to the ends, several in one read count each', async () => {
    const { terminal } = await start();
    await press(terminal, '1', '>! 0 REALTIME');
    await press(terminal, '4', '>- 2 PROCESS_CPUTIME');
    await press(terminal, 'G', 'why: gettimeofday()');
    await press(terminal, 'g', 'why: REALTIME');
    await press(terminal, 'lll', 'why: PROCESS_CPUTIME_ID');
  });
});

describe('keys that choose what is seen', () => {
  it('Tab and Shift-Tab move the focus, also to panels that were not on the screen', async () => {
    const { terminal } = await start(frames.demo, 60, 15);
    await press(terminal, '\t', '[why: THREAD_CPUTIME_ID]');
    await press(terminal, '\t', '[call sites: THREAD_CPUTIME_ID]');
    await press(terminal, '\t', '[threads]');
    await press(terminal, '\t', '[mappings]');
    await press(terminal, shiftTab, '[threads]');
  });

  it('Enter and e zoom the focused panel, Esc comes back', async () => {
    const { terminal } = await start();
    await press(terminal, '\r', '[THREAD_CPUTIME_ID ns per call, linear]');
    expect(await see(terminal, 'now 348 ns')).toMatch(/min 238 ns {2}max 536 ns/);
    await press(terminal, esc, '[clocks]');
    await press(terminal, '\t\t\t', '[threads]');
    await press(terminal, 'e', /\[threads\](?!.*\[)/);
    await see(terminal, '[clocks]', false);
  });

  it('L switches between a linear and a logarithmic chart', async () => {
    const { terminal } = await start();
    await press(terminal, '\r', 'ns per call, linear');
    await press(terminal, 'L', 'ns per call, log');
  });

  it('c shows who reads the selected clock, and follows it', async () => {
    const { terminal } = await start();
    await press(terminal, 'c', 'read_cputime+0x3c in vdsotop-demo');
    await press(terminal, left, '[call sites: REALTIME]');
    await see(terminal, 'ratelimit+0x3c in libfoo.so');
    await press(terminal, 'c', '[clocks]');
  });

  it('x explains, v shows mappings, and each closes what it opened', async () => {
    const { terminal } = await start();
    await press(terminal, 'x', 'every finding, for and against');
    await press(terminal, 'G', 'every reading was available');
    await press(terminal, 'x', '[clocks]');
    await press(terminal, 'v', '[mappings]');
    await press(terminal, 'v', '[clocks]');
  });

  it('? shows the keys, and on its second page the causes', async () => {
    const { terminal } = await start(frames.demo, 120, 50);
    await press(terminal, '?', 'page 1 of 2');
    await press(terminal, right, 'The kernel was started with vdso=0');
    await press(terminal, esc, '[clocks]');
  });
});

describe('keys that speak to the session', () => {
  it('Space and p pause and resume', async () => {
    const { terminal, session } = await start();
    await press(terminal, ' ', 'PAUSED');
    await press(terminal, 'p', 'LIVE');
    expect(session.said).toEqual(['pause', 'resume']);
  });

  it('< and > look ten seconds away, 0 and $ at either end', async () => {
    const { session, terminal } = await start();
    for (const key of ['<', '>', '0', '$']) terminal.press(key);
    await expect.poll(() => session.said).toEqual(['jump -10', 'jump 10', 'jump -Infinity', 'jump Infinity']);
  });

  it('of a replay ask for no process: reset, perf trace and record do nothing', async () => {
    const { session, terminal } = await start({ ...frames.demo, replay: { atSeconds: 3, ofSeconds: 60 } });
    for (const key of ['r', 't', 'R']) {
      terminal.press(key);
      await see(terminal, 'not in a replay: there is no process behind it');
    }
    expect(session.said).toEqual([]);
    await see(terminal, /REPLAY 3(\.0)? s of/);
  });

  it(', and . step', async () => {
    const { terminal, session } = await start();
    await press(terminal, ',', 'PAUSED');
    terminal.press('..');
    await expect.poll(() => session.said).toEqual(['step -1', 'step 1', 'step 1']);
  });

  it('r starts anew and says so', async () => {
    const { terminal, session } = await start();
    await press(terminal, 'r', 'start anew');
    expect(session.said).toEqual(['reset']);
    expect(await terminal.screen()).toContain('q quit');
  });

  it('+ and - change the interval and say where it ends', async () => {
    const { terminal, session } = await start();
    await press(terminal, '+', 'a sample every 1 s');
    await press(terminal, '-', 'a sample every 500 ms');
    await press(terminal, '--', 'a sample every 100 ms');
    await press(terminal, '-', 'which is the limit');
    expect(session.said).toEqual(['interval 1000', 'interval 500', 'interval 250', 'interval 100']);
  });
});

describe('perf trace', () => {
  it('is asked for with its cost and leaves the target alone on n', async () => {
    const { terminal, session } = await start();
    await press(terminal, 't', 'would cost the target most of its time');
    await press(terminal, 'n', '[clocks]');
    expect(session.said).toEqual([]);
  });

  it('runs once on y and lays its count beside the exact one', async () => {
    const { terminal, session } = await start();
    await press(terminal, 't', 'run it');
    const shown = await press(terminal, 'y', 'vdsotop counted');
    expect(session.said).toEqual(['perf trace 2']);
    expect(shown).toMatch(/clock_gettime +58 k calls/);
    expect(shown).toContain('30 % of the calls');
  });

  it('is asked for without a key where an option did, once, as soon as its cost can be said', async () => {
    const { terminal, session } = await start('none', 80, 24, { perfTraceAsked: true });
    session.show(frameOf({ ...demoReport, window: { ...demoReport.window, seconds: 0 } }));
    await see(terminal, '[clocks]');
    session.show(frames.demo);
    await see(terminal, 'run it');
    expect(session.said).toEqual([]);
    await press(terminal, 'n', '[clocks]');
    session.show(frameOf({ ...demoReport, headline: 'Now something else is true.' }));
    expect(await see(terminal, 'Now something else is true.')).toContain('[clocks]');
  });

  it('is not asked for where the target has ended before', async () => {
    const { terminal } = await start('none', 80, 24, { perfTraceAsked: true });
    running?.session.show({ ...frames.demo, state: 'ended' });
    expect(await see(terminal, 'the target has ended: nothing more')).toContain('[clocks]');
  });

  it('is refused where it would stall the target, and says what allows it', async () => {
    const { terminal, session } = await start();
    session.allowPerfTrace(false);
    await press(terminal, 't', /refused: .*--force/s);
    terminal.press('y');
    await see(terminal, 'refused');
    expect(session.said).toEqual([]);
  });
});

describe('the live screen', () => {
  it('shows how long it has measured before there is anything to show, and then the frame', async () => {
    const { terminal, session } = await start('none');
    await see(terminal, /measuring 0\.[1-9] s/);
    session.show(frames.demo);
    await see(terminal, 'THREAD_CPUTIME_ID enters the kernel');
  });

  it('follows the session', async () => {
    const { terminal, session } = await start();
    session.show(frameOf({ ...demoReport, headline: 'Now something else is true.' }));
    await see(terminal, 'Now something else is true.');
  });

  it('follows the size of the terminal exactly, down to a few rows and up again', async () => {
    const { terminal } = await start();
    const drawing = makeDrawing('braille');
    const shown = {
      frame: frames.demo,
      state: initialState,
      drawing,
      glossary: [],
      toast: undefined,
      trace: undefined,
    };
    for (const [columns, rows] of [
      [60, 15],
      [30, 6],
      [200, 60],
      [120, 40],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      const { grid } = buildScreen({ ...shown, columns, rows });
      await expect.poll(() => terminal.screen()).toBe(gridText(grid));
    }
  });

  it('stays usable when the target has ended', async () => {
    const { terminal } = await start(frames.ended);
    await see(terminal, 'ENDED');
    await press(terminal, 'x', 'every finding');
    await press(terminal, 'v', '[vdso]');
  });

  it.each(['t', 'r', 'R', '+', '-', ' '])('%j on a target that has ended says so and does nothing', async (key) => {
    const { terminal, session } = await start(frames.ended);
    await press(terminal, key, 'the target has ended: nothing more is measured of it');
    terminal.press('y');
    await see(terminal, 'copy: Esc back');
    expect(session.said).toEqual([]);
  });
});

describe('what vdsotop does by itself', () => {
  it('is said once on the screen', async () => {
    const { terminal, session } = await start();
    const held = { atMs: demoReport.events[0]?.atMs ?? 0, kind: 'trigger', text: 'saved by --trigger: here' } as const;
    session.show(frameOf({ ...demoReport, events: [...demoReport.events, held] }));
    await see(terminal, /quit {2}saved by --trigger: here/);
  });
});

describe('keys that compare', () => {
  const difference = compareWatches(makeWatch({ seed: 1 }), makeWatch({ seed: 2 }), { version: 'test' });

  it('b keeps a baseline and says which, d shows what changed from it', async () => {
    const { terminal, session } = await start(frameOf(demoReport, { difference }));
    await press(terminal, 'b', /baseline: the last .* until 03:12:44 UTC; d compares with it/);
    expect(session.said).toContain('baseline');
    await press(terminal, 'd', /clocks: from [\d:]+ to now/);
    await press(terminal, 'd', 'syscall  ');
  });

  it('d in a replay says until when', async () => {
    const replay = { atSeconds: 60, ofSeconds: 60 };
    const { terminal } = await start(frameOf(demoReport, { difference, replay, state: 'paused' }));
    await press(terminal, 'd', /clocks: from [\d:]+ to [\d:]+\]/);
  });

  it('d without a baseline says how to set one', async () => {
    const { terminal } = await start();
    await press(terminal, 'd', 'no baseline to compare with: b sets one');
  });

  it('d without a baseline switches nothing on: it still compares once there is one', async () => {
    const { terminal, session } = await start();
    await press(terminal, 'd', 'no baseline to compare with: b sets one');
    session.show(frameOf(demoReport, { difference }));
    await press(terminal, 'b', /d compares with it/);
    await press(terminal, 'd', /clocks: from [\d:]+ to now/);
    await press(terminal, 'b', /until 03:12:44 UTC; compared with it now/);
  });
});
