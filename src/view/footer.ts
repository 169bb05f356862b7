import { cell, fitRow, type Row, rowWidth } from './cells.ts';
import type { TraceState } from './perf-trace.ts';
import type { Mode } from './screen-state.ts';

/** The keys that are alive on each screen, most useful first; 'q quit' is always among them. */
const live: Readonly<Record<Mode, readonly (readonly [key: string, does: string])[]>> = {
  overview: [
    ['q', 'quit'],
    ['?', 'help'],
    ['x', 'why'],
    ['c', 'callers'],
    ['←→', 'clock'],
    ['Space', 'pause'],
    ['Enter', 'zoom'],
    ['Tab', 'panel'],
    ['t', 'perf trace'],
  ],
  chart: [
    ['q', 'quit'],
    ['Esc', 'back'],
    ['←→', 'clock'],
    ['L', 'lin/log'],
    ['Space', 'pause'],
    [', .', 'step'],
    ['x', 'why'],
  ],
  callSites: [
    ['q', 'quit'],
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
    ['←→', 'clock'],
    ['Space', 'pause'],
    ['x', 'why'],
  ],
  why: [
    ['q', 'quit'],
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
    ['←→', 'clock'],
    ['Space', 'pause'],
    ['c', 'callers'],
  ],
  threads: [
    ['q', 'quit'],
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
    ['Space', 'pause'],
  ],
  events: [
    ['q', 'quit'],
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
  ],
  mappings: [
    ['q', 'quit'],
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
    ['x', 'why'],
  ],
  help: [
    ['q', 'quit'],
    ['Esc', 'back'],
    ['←→', 'page'],
    ['↑↓', 'scroll'],
  ],
  trace: [
    ['q', 'quit'],
    ['Esc', 'back'],
  ],
};

const asking: (typeof live)['trace'] = [
  ['q', 'quit'],
  ['y', 'run it'],
  ['n', 'leave it'],
];

/** One line of live keys, or what just happened in front of the way out. */
export function footerRow(
  mode: Mode,
  toast: string | undefined,
  trace: TraceState | undefined,
  paused: boolean,
  width: number,
): Row {
  const keys = mode === 'trace' && trace?.step === 'asking' ? asking : live[mode];
  if (toast !== undefined)
    return fitRow([cell(' q', 'accent'), cell(' quit  ', 'muted'), cell(toast, 'strong')], width);
  let row: Row = [];
  for (const [key, does] of keys) {
    const word = does === 'pause' && paused ? 'resume' : does;
    const next: Row = [...row, cell(` ${key}`, 'accent'), cell(` ${word} `, 'muted')];
    if (rowWidth(next) > width) break;
    row = next;
  }
  return row;
}
