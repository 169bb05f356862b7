import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/model/frame.ts';
import { type Grid, gridText, rowText, rowWidth } from '../../src/view/cells.ts';
import type { Drawing } from '../../src/view/drawing.ts';
import { buildScreen } from '../../src/view/screen.ts';
import { initialState, type Mode, type ScreenState } from '../../src/view/screen-state.ts';
import { frames, hostileName } from '../ui/frames.ts';

const sizes = [
  [60, 15],
  [80, 24],
  [120, 40],
  [200, 60],
  [240, 70],
  [40, 8],
  [110, 30],
  [61, 70],
] as const;
const modes: readonly Mode[] = [
  'overview',
  'chart',
  'why',
  'callSites',
  'threads',
  'mappings',
  'events',
  'help',
  'trace',
];

/** Draws with full stops, so that only the sizes matter. */
const drawing: Drawing = {
  symbols: 'braille',
  sparkline: (_values, width) => '.'.repeat(width),
  chart: ({ width, height }) => Array.from({ length: height }, () => '.'.repeat(width)),
};

function screen(
  frame: Frame,
  columns: number,
  rows: number,
  state: Partial<ScreenState> = {},
  more: Partial<Drawing> = {},
) {
  return buildScreen({
    frame,
    state: { ...initialState, ...state },
    columns,
    rows,
    drawing: { ...drawing, ...more },
    glossary: frame.report.findings,
    toast: undefined,
    trace: { step: 'asking', seconds: 2, warning: 'perf trace would cost the target most of its time' },
  });
}

const text = (frame: Frame, columns: number, rows: number, state?: Partial<ScreenState>) =>
  gridText(screen(frame, columns, rows, state).grid);

describe.each(Object.entries(frames))('the screen of the %s frame', (_name, frame) => {
  it.each(sizes)('fills %d × %d exactly, in every mode', (columns, rows) => {
    for (const mode of modes) {
      const { grid } = screen(frame, columns, rows, { mode });
      expect(grid.length).toBe(rows);
      expect(Math.max(...grid.map(rowWidth))).toBeLessThanOrEqual(columns);
    }
  });

  it('never refuses: even on 1 × 1 and 20 × 3 there is something, within bounds', () => {
    for (const [columns, rows] of [
      [1, 1],
      [20, 3],
      [39, 7],
      [500, 5],
    ] as const) {
      const { grid } = screen(frame, columns, rows);
      expect(grid.length).toBe(rows);
      expect(Math.max(...grid.map(rowWidth))).toBeLessThanOrEqual(columns);
      expect(gridText(grid).trim()).not.toBe('');
    }
    expect(text(frame, 39, 7)).toContain('q quits');
  });

  it('is pure ASCII where only that can be shown, cell for cell', () => {
    const plain = screen(frame, 80, 24, {}, { symbols: 'ascii' }).grid;
    expect(gridText(plain)).toMatch(/^[\x20-\x7e\n]*$/);
    expect(plain.map(rowWidth)).toEqual(screen(frame, 80, 24).grid.map(rowWidth));
  });
});

describe('a panel that fills the screen', () => {
  it('leaves verdict and sentence above it, and host and cost where the screen is low', () => {
    const low = text(frames.demo, 60, 15, { mode: 'why' });
    expect(low).toContain('SLOW');
    expect(low).toContain('THREAD_CPUTIME_ID enters the kernel');
    expect(low).not.toContain('6.18.5-amd64');
    expect(text(frames.demo, 80, 24, { mode: 'why' })).toContain('6.18.5-amd64');
  });

  it('is all of the screen but the verdict where it is help', () => {
    const rows = text(frames.demo, 80, 24, { mode: 'help' }).split('\n');
    expect(rows[0]).toContain('SLOW');
    expect(rows[1]).toContain('[keys]');
  });
});

describe('the key that goes on', () => {
  const footer = (frame: Frame) => text(frame, 120, 40).split('\n').at(-1);

  it('is called resume where a process runs on behind, and play in a replay', () => {
    const paused = { ...frames.demo, state: 'paused' } as const;
    expect(footer(frames.demo)).toContain('Space pause');
    expect(footer(paused)).toContain('Space resume');
    expect(footer({ ...paused, replay: { atSeconds: 3, ofSeconds: 9 } })).toContain('Space play');
  });
});

describe('what stands on every size of screen', () => {
  it.each(sizes.filter(([columns]) => columns >= 60))('has all of the header on %d × %d', (columns, rows) => {
    const shown = text(frames.demo, columns, rows);
    for (const part of [
      'SLOW',
      'vdsotop-demo',
      '4711',
      'LIVE',
      '03:12:44 UTC',
      'THREAD_CPUTIME_ID enters the kernel',
      'all readings available',
      'tsc',
      '6.18.5-amd64',
      'db-7',
      'vdsotop 1.8 %',
      '10 s',
      '+150 ns',
      'watched',
    ])
      expect(shown).toContain(part);
  });

  it.each(sizes.filter(([columns]) => columns >= 60))(
    'says the cause and that ns are not of the target on %d × %d',
    (columns, rows) => {
      const shown = text(frames.demo, columns, rows);
      expect(shown).toContain('CONFIRMED');
      expect(shown).toMatch(/ns (timed|measured) in vdsotop.*not.*target/);
      expect(shown).toContain('q quit');
    },
  );
});

describe('the states of a session', () => {
  it('says how long it has measured and shows no verdict in the first second', () => {
    const shown = text(frames.measuring, 80, 24);
    expect(shown).toContain('measuring 0.4 s');
    expect(shown).toContain('no verdict yet');
    expect(shown).not.toContain('CONFIRMED');
    expect(shown).not.toContain('enters the kernel');
  });

  it.each([...sizes, [20, 5] as const])('says WAIT of the clocks as of the whole, on %d × %d', (columns, rows) => {
    const shown = text(frames.measuring, columns, rows);
    expect(shown).toContain('WAIT');
    expect(shown).not.toMatch(/SLOW|fast\b|^[ >]!|enters the kernel/m);
    expect(text(frames.demo, columns, rows)).toContain('SLOW');
  });

  it('says how far behind it is when paused, and offers to resume', () => {
    const shown = text(frames.paused, 80, 24);
    expect(shown).toContain('PAUSED +12s');
    expect(shown).toContain('Space resume');
  });

  it('marks the last screen of an ended target, also when nothing else fits', () => {
    expect(text(frames.ended, 80, 24)).toContain('ENDED');
    expect(text(frames.ended, 30, 6)).toContain('ENDED');
  });

  it('says since when no clock was read', () => {
    expect(text(frames.idle, 80, 24)).toContain('no read seen in 12 s');
    expect(text(frames.idle, 80, 24)).toContain('IDLE');
  });
});

describe('what cannot be seen', () => {
  it('is a word in every count, share and path, and never a zero', () => {
    const { grid } = screen(frames.denied, 120, 40);
    const rows = grid.filter((row) => /^[ >]\?/.test(rowText(row)));
    expect(rows.length).toBe(11);
    for (const row of rows) {
      expect(rowText(row).match(/denied/g)?.length).toBeGreaterThanOrEqual(3);
      expect(rowText(row).slice(5)).not.toMatch(/ 0( |$)|0 %/);
    }
  });

  it('is named in the header with where its remedy stands, and there it stands', () => {
    expect(text(frames.denied, 60, 15)).toMatch(/limited.*\(see x\)/);
    expect(text(frames.denied, 80, 24)).toContain('counts denied');
    expect(text(frames.denied, 80, 24, { mode: 'why' })).toContain('sudo vdsotop -p 4711');
  });

  it('is not called healthy for a 32-bit target', () => {
    const shown = text(frames.compat, 120, 40);
    expect(shown).toContain('UNKNOWN');
    expect(shown).not.toMatch(/\bOK\b|fast /);
  });
});

describe('entries that are laid to no thread', () => {
  it('are told with the threads', () => {
    const { report } = frames.demo;
    const partly = { ...report, coverage: { ...report.coverage, entriesOfNoThread: 0.2 } };
    const shown = text({ ...frames.demo, report: partly }, 120, 40, { mode: 'threads' });
    expect(shown).toMatch(/threads · 20 % of entries laid to no thread/);
    expect(text(frames.demo, 120, 40, { mode: 'threads' })).not.toContain('laid to no thread');
  });
});

describe('a hostile target', () => {
  it.each(modes)('cannot put an escape, a newline or an override onto the screen of mode %s', (mode) => {
    const shown = text(frames.hostile, 120, 40, { mode });
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{C}]/u);
    expect(shown).not.toContain(hostileName);
  });
});

describe('focus', () => {
  const titles = (grid: Grid) => grid.map(rowText).filter((line) => line.startsWith('──') || line.includes('│ ──'));

  it('shows in the title of the focused panel without any colour', () => {
    expect(titles(screen(frames.demo, 120, 40).grid)[0]).toContain('[clocks]');
    expect(titles(screen(frames.demo, 120, 40, { focus: 'threads' }).grid).join()).toContain('[threads]');
  });

  it('reaches threads and mappings on the smallest screen', () => {
    const { facts } = screen(frames.demo, 60, 15);
    expect(facts.panels).toEqual(['clocks', 'why', 'callSites', 'threads', 'mappings', 'events']);
    expect(text(frames.demo, 60, 15, { focus: 'threads' })).toContain('[threads]');
    expect(text(frames.demo, 60, 15, { focus: 'mappings' })).toContain('[vvar]');
  });

  it('scrolls as far as there is text', () => {
    const { facts } = screen(frames.demo, 80, 24, { mode: 'why' });
    const most = facts.scrollMost.why ?? 0;
    expect(most).toBeGreaterThan(10);
    expect(text(frames.demo, 80, 24, { mode: 'why', scroll: { why: most } })).toContain('every reading was available');
  });
});

describe('the selected clock', () => {
  it('is at first the one that the report begins with', () => {
    expect(screen(frames.demo, 80, 24).facts.selected).toBe('slot 3');
    expect(text(frames.demo, 80, 24)).toContain('>! 3 THREAD_CPUTIME');
  });

  it('is then the one that was chosen, with its own why', () => {
    const shown = text(frames.demo, 80, 24, { selected: 'slot 0' });
    expect(shown).toContain('>! 0 REALTIME');
    expect(shown).toContain('why: REALTIME');
    expect(shown).toContain('UNKNOWN');
  });

  it('stays in sight in a table too low for all clocks', () => {
    expect(text(frames.demo, 60, 15, { selected: 'slot 11' })).toContain('>-11 TAI');
  });
});
