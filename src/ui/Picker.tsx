import { useApp, useInput, useWindowSize } from 'ink';
import { useEffect, useReducer, useRef, useState } from 'react';
import type { ProcessRow } from '../model/process-row.ts';
import { asciiGrid } from '../view/ascii.ts';
import type { SymbolSet } from '../view/drawing.ts';
import {
  busiestFirst,
  type CpuShares,
  cpuShares,
  movePick,
  type PickerState,
  pickedPid,
  pickerGrid,
} from '../view/picker.ts';
import { keyNames } from './key-name.ts';
import { Painted } from './Painted.tsx';
import { useSuspending } from './use-suspending.ts';

export interface PickerProps {
  readonly list: () => readonly ProcessRow[];
  readonly initialFilter: string;
  readonly symbols: SymbolSet;
  /** Milliseconds between two readings of the list. */
  readonly refreshMs: number;
}

interface Listed {
  readonly processes: readonly ProcessRow[];
  readonly shares: CpuShares;
}

/** Chooses a process. Exits with its pid, or with nothing. */
export function Picker({ list, initialFilter, symbols, refreshMs }: PickerProps) {
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  const { suspend, redraw } = useSuspending();
  const { processes, shares } = useProcesses(list, refreshMs);
  const [{ state, left, picked }, press] = useReducer(
    (before: Picking, key: string) => afterKey(before, key, processes),
    { state: { filter: initialFilter, typing: false, selectedPid: undefined }, left: false, picked: undefined },
  );
  // Left by an effect and not by the key: several keys may come in one read, and Enter means what is typed before it.
  useEffect(() => {
    if (left) exit(picked);
  }, [left, picked, exit]);
  const terminal: Readonly<Record<string, () => void>> = { 'ctrl+z': suspend, 'ctrl+l': redraw };
  useInput((input, key) => {
    for (const name of keyNames(input, key)) (terminal[name] ?? (() => press(name)))();
  });
  const grid = pickerGrid({ processes, shares, state, columns, rows });
  return <Painted grid={symbols === 'ascii' ? asciiGrid(grid) : grid} />;
}

/** The list, read again every so often, with what each process burnt since the reading before. */
function useProcesses(list: () => readonly ProcessRow[], refreshMs: number): Listed {
  const [listed, setListed] = useState<Listed>(() => ({ processes: list(), shares: new Map() }));
  const readAt = useRef(performance.now());
  useEffect(() => {
    const refresh = () => {
      const elapsedMs = performance.now() - readAt.current;
      readAt.current += elapsedMs;
      setListed((before) => {
        const processes = list();
        const shares = cpuShares(before.processes, processes, elapsedMs);
        return { processes: busiestFirst(processes, shares), shares };
      });
    };
    // The first list shows no use: the second one comes before anybody has read it.
    const soon = setTimeout(refresh, refreshMs / 4);
    const timer = setInterval(refresh, refreshMs);
    return () => {
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [list, refreshMs]);
  return listed;
}

const moves: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  pageup: -10,
  pagedown: 10,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};
const letterMoves: Readonly<Record<string, number>> = {
  k: -1,
  j: 1,
  g: Number.NEGATIVE_INFINITY,
  G: Number.POSITIVE_INFINITY,
};

interface Picking {
  readonly state: PickerState;
  readonly left: boolean;
  readonly picked: number | undefined;
}

function afterKey(before: Picking, key: string, processes: readonly ProcessRow[]): Picking {
  const { state, left } = before;
  if (left) return before;
  if (key === 'ctrl+c' || (key === 'q' && !state.typing)) return { ...before, left: true };
  const picked = pickedPid(processes, state);
  if (key === 'enter') return picked === undefined ? before : { state, left: true, picked };
  return { ...before, state: afterEdit(state, key, processes) };
}

function afterEdit(state: PickerState, key: string, processes: readonly ProcessRow[]): PickerState {
  const by = moves[key] ?? (state.typing ? undefined : letterMoves[key]);
  if (by !== undefined) return { ...state, selectedPid: movePick(processes, state, by) };
  if (key === 'escape') return { ...state, typing: false, filter: state.typing ? state.filter : '' };
  if (key === 'backspace') return { ...state, filter: state.filter.slice(0, -1) };
  if (!state.typing) return key === '/' ? { ...state, typing: true } : state;
  return { ...state, filter: state.filter + typed(key) };
}

function typed(key: string): string {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : '';
}
