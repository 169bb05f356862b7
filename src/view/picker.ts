import type { ProcessRow } from '../model/process-row.ts';
import { cell, fitGrid, fitRow, type Grid, type Row } from './cells.ts';
import { fitText } from './fit-text.ts';
import { formatCount, formatShare } from './format.ts';
import { textWidth } from './printable.ts';
import { processName } from './process-name.ts';

/** Part of one core that each process burnt between two lists, by pid; a process in one list only has none. */
export type CpuShares = ReadonlyMap<number, number>;

export function cpuShares(before: readonly ProcessRow[], after: readonly ProcessRow[], elapsedMs: number): CpuShares {
  const earlier = new Map(before.map((one) => [one.pid, one]));
  return new Map(
    after.flatMap(({ pid, startTimeTicks, cpuTicks }) => {
      const then = earlier.get(pid);
      if (then === undefined || then.startTimeTicks !== startTimeTicks || elapsedMs <= 0) return [];
      return [[pid, ((cpuTicks - then.cpuTicks) * 10) / elapsedMs] as const];
    }),
  );
}

/**
 * Those that burn most first, in steps of a per cent so that the rows stay put; by pid where nothing tells them apart, as
 * before there are two lists.
 */
export function busiestFirst(processes: readonly ProcessRow[], shares: CpuShares): readonly ProcessRow[] {
  const percent = ({ pid }: ProcessRow) => Math.round((shares.get(pid) ?? 0) * 100);
  return processes.toSorted((one, other) => percent(other) - percent(one) || one.pid - other.pid);
}

export interface PickerState {
  readonly filter: string;
  /** Whether keys are typed into the filter. */
  readonly typing: boolean;
  readonly selectedPid: number | undefined;
}

export interface PickerInput {
  readonly processes: readonly ProcessRow[];
  readonly shares: CpuShares;
  readonly state: PickerState;
  readonly columns: number;
  readonly rows: number;
}

/** What the filter lets through: all its words, in pid, name, user or command line, in any case. */
export function filterProcesses(processes: readonly ProcessRow[], filter: string): readonly ProcessRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return processes.filter(({ pid, comm, commandLine, user }) => {
    const text = `${pid} ${comm} ${user} ${commandLine}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The pid that Enter would attach to: the chosen one while it passes the filter, else the first. */
export function pickedPid(processes: readonly ProcessRow[], { filter, selectedPid }: PickerState): number | undefined {
  const shown = filterProcesses(processes, filter);
  return (shown.find(({ pid }) => pid === selectedPid) ?? shown[0])?.pid;
}

/** The chosen pid moved by so many rows. */
export function movePick(processes: readonly ProcessRow[], state: PickerState, by: number): number | undefined {
  const shown = filterProcesses(processes, state.filter);
  const at = shown.findIndex(({ pid }) => pid === pickedPid(processes, state));
  return shown[Math.min(Math.max(at + by, 0), shown.length - 1)]?.pid;
}

/** The whole screen of the picker: a title, the filter, the processes, the keys. */
export function pickerGrid({ processes, shares, state, columns, rows }: PickerInput): Grid {
  const shown = filterProcesses(processes, state.filter);
  const picked = pickedPid(processes, state);
  const room = Math.max(rows - 4, 1);
  const at = Math.max(
    shown.findIndex(({ pid }) => pid === picked),
    0,
  );
  const first = Math.min(Math.max(at - Math.floor(room / 2), 0), Math.max(shown.length - room, 0));
  const list = shown.slice(first, first + room).map((one) => processRow(one, shares, one.pid === picked, columns));
  const body: Grid = list.length > 0 ? list : [[cell(' no process matches; Backspace shortens the filter', 'muted')]];
  const grid = [
    titleRow(shown.length, processes.length),
    filterRow(state),
    headingRow(columns),
    ...fitGrid(body, room),
    keysRow(state),
  ];
  return fitGrid(
    grid.map((row) => fitRow(row, columns)),
    rows,
  );
}

function titleRow(shown: number, all: number): Row {
  const count =
    shown === all ? `${formatCount(all)} processes` : `${formatCount(shown)} of ${formatCount(all)} processes`;
  return [cell(' vdsotop ', 'title'), cell(' whose clock reads? ', 'strong'), cell(count, 'muted')];
}

function filterRow({ filter, typing }: PickerState): Row {
  if (!typing && filter === '') return [cell(' / to filter', 'muted')];
  return [cell(' filter: ', 'muted'), cell(filter, 'strong'), cell(typing ? '_' : '', 'accent')];
}

function headingRow(columns: number): Row {
  return [
    cell(
      `  ${fitText('pid', 8, 'right')} ${fitText('name', 16)} ${fitText('user', 9)} ${fitText('thr', 5, 'right')} ${fitText('cpu', 6, 'right')}  ${columns >= 70 ? 'command' : ''}`,
      'muted',
    ),
  ];
}

function processRow(process: ProcessRow, shares: CpuShares, picked: boolean, columns: number): Row {
  const { pid, comm, user, threads, commandLine } = process;
  const share = shares.get(pid);
  return [
    cell(`${picked ? '>' : ' '} ${fitText(String(pid), 8, 'right')} `, picked ? 'accent' : 'plain'),
    cell(`${fitText(processName(comm), 16)} `, picked ? 'accent' : 'strong'),
    cell(`${fitText(user, 9)} ${fitText(formatCount(threads), 5, 'right')} `, 'muted'),
    cell(`${fitText(share === undefined ? '' : formatShare(share), 6, 'right')}  `, 'plain'),
    cell(columns >= 70 ? fitText(commandIn(commandLine, columns - 52), columns - 52).trimEnd() : '', 'muted'),
  ];
}

/** Where the whole does not fit, without the folder of the program: what tells two of them apart are the arguments. */
function commandIn(commandLine: string, width: number): string {
  return textWidth(commandLine) <= width ? commandLine : commandLine.replace(/^\/\S*\//, '');
}

function keysRow({ typing }: PickerState): Row {
  const keys: readonly (readonly [string, string])[] = typing
    ? [
        ['Enter', 'attach'],
        ['↑↓', 'move'],
        ['Esc', 'end filter'],
        ['Ctrl-C', 'quit'],
      ]
    : [
        ['q', 'quit'],
        ['Enter', 'attach'],
        ['/', 'filter'],
        ['↑↓', 'move'],
      ];
  return keys.flatMap(([key, does]): Row => [cell(` ${key}`, 'accent'), cell(` ${does} `, 'muted')]);
}
