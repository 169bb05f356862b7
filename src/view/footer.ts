import { type Cell, cell, fitRow, type Row, rowWidth } from './cells.ts';
import { copyMenu } from './copy-menu.ts';
import type { TraceState } from './perf-trace.ts';
import type { Mode, ScreenState } from './screen-state.ts';
import type { Toast } from './toast.ts';

/** The keys that are alive on each screen, most useful first; 'q quit' is always among them. */
const live: Readonly<Record<Mode, readonly (readonly [key: string, does: string])[]>> = {
  overview: [
    ['q', 'quit'],
    ['?', 'help'],
    ['x', 'why'],
    ['c', 'callers'],
    ['←→', 'clock'],
    ['Space', 'pause'],
    ['S', 'save'],
    ['y', 'copy'],
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

/** All of what can be copied is seen: with fewer blanks, without the way back, in shorter words where it is narrow. */
function copyRow(width: number): Row {
  const items = copyMenu.map(({ key, label }) => [key, label] as const);
  const keys = [['Esc', 'back'] as const, ...items];
  const lead = cell(' copy:', 'strong');
  const shortest = items.map(([key, label]) => [key, label.split(' ')[0] ?? label] as const);
  const ways = [wholeRow([lead], keys, ' '), wholeRow([lead], keys, ''), wholeRow([lead], items, '')];
  return ways.find((row) => rowWidth(row) <= width) ?? wholeRow([], shortest, '');
}

function wholeRow(lead: Row, keys: (typeof live)['trace'], gap: string): Row {
  const last = keys.length - 1;
  const pairs = keys.flatMap(([key, word], index) => [
    cell(` ${key}`, 'accent'),
    cell(` ${word}${index === last ? '' : gap}`, 'muted'),
  ]);
  return [...lead, ...pairs];
}

export interface FooterInput {
  readonly state: Pick<ScreenState, 'mode' | 'menu'>;
  readonly toast: Toast | undefined;
  readonly trace: TraceState | undefined;
  readonly paused: boolean;
  /** Whether there is a recording to play and no process behind it. */
  readonly replaying?: boolean;
  /** Whether the last moment of a target that has ended is shown: there is nothing to pause. */
  readonly ended?: boolean;
}

/** One line of live keys, or what just happened in front of the way out. */
export function footerRow(
  { state, toast, trace, paused, replaying = false, ended = false }: FooterInput,
  width: number,
): Row {
  const pauseWord = paused ? (replaying ? 'play' : 'resume') : 'pause';
  if (state.menu === 'copy') return copyRow(width);
  if (toast !== undefined) return fitRow([cell(' q', 'accent'), cell(' quit  ', 'muted'), toastCell(toast)], width);
  const alive = live[state.mode].filter(([, does]) => !(ended && does === 'pause'));
  const keys = state.mode === 'trace' && trace?.step === 'asking' ? asking : alive;
  return keyRow(keys, pauseWord, width);
}

function toastCell({ text, link }: Toast): Cell {
  return link === undefined ? cell(text, 'strong') : { ...cell(text, 'strong'), link };
}

function keyRow(keys: (typeof live)['trace'], pauseWord: string, width: number): Row {
  let row: Row = [];
  for (const [key, does] of keys) {
    const word = does === 'pause' ? pauseWord : does;
    const next: Row = [...row, cell(` ${key}`, 'accent'), cell(` ${word} `, 'muted')];
    if (rowWidth(next) > width) break;
    row = next;
  }
  return row;
}
