import { constants } from 'node:os';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm, { type Terminal as Emulator, type IBufferCell } from '@xterm/headless';
import { terminalEnvironment } from './terminal-environment.ts';

export interface TerminalOptions {
  /** @default 120 */
  readonly columns?: number;
  /** @default 40 */
  readonly rows?: number;
  /** The whole environment. @default that of `terminalEnvironment` */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Exit {
  /** 0 where a signal ended it. */
  readonly code: number;
  readonly signal: NodeJS.Signals | undefined;
}

/** 'default', an index into the 256 colours of xterm, or #rrggbb. */
export type Colour = 'default' | number | `#${string}`;

export interface Cell {
  /** '' for the right half of a wide character. */
  readonly text: string;
  readonly foreground: Colour;
  readonly background: Colour;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underlined: boolean;
  readonly inverse: boolean;
}

/** A program in a real pseudo-terminal, and what a user would see of it. */
export interface Terminal {
  readonly pid: number;
  readonly exit: Promise<Exit>;
  /** The visible rows without trailing blanks. */
  screen(): readonly string[];
  cells(): readonly (readonly Cell[])[];
  /** Everything that stands on the primary screen and in its scrollback, without trailing blank rows; a line that was too long is one. */
  primary(): readonly string[];
  onAlternateScreen(): boolean;
  /** Every byte that the program wrote. */
  output(): string;
  /** Resolves once the screen, its rows joined by line feeds, satisfies the condition; rejects with the screen, also once the program has ended. */
  waitFor(condition: RegExp | ((screen: string) => boolean), timeoutMs?: number): Promise<void>;
  send(text: string): void;
  resize(columns: number, rows: number): void;
  /** Ends the program, by SIGKILL unless told otherwise, and waits for it. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
}

/** Starts `command`; the caller kills it in the end. */
export function startTerminal(
  command: string,
  args: readonly string[] = [],
  { columns = 120, rows = 40, env = terminalEnvironment(), cwd = process.cwd() }: TerminalOptions = {},
): Terminal {
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  const pty = spawn(command, [...args], { cols: columns, rows, env, cwd, name: env.TERM ?? 'xterm-256color' });
  const output: string[] = [];
  pty.onData((data) => {
    output.push(data);
    emulator.write(data);
  });
  // The emulator answers what programs ask of a terminal, such as its attributes.
  const answers = emulator.onData((data) => pty.write(data));
  const exit = whenEnded(pty, emulator).finally(() => answers.dispose());
  const screen = () => rowsOf(emulator, emulator.buffer.active.viewportY, emulator.rows);
  return {
    pid: pty.pid,
    exit,
    screen,
    cells: () => cellsOf(emulator),
    primary: () => primaryRows(emulator),
    onAlternateScreen: () => emulator.buffer.active.type === 'alternate',
    output: () => output.join(''),
    waitFor: (condition, timeoutMs = 10_000) => waitFor({ emulator, screen, exit }, condition, timeoutMs),
    send: (text) => pty.write(text),
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    kill: (signal = 'SIGKILL') => {
      endProcess(pty.pid, signal);
      return exit;
    },
  };
}

/** Once the program has ended and all that it wrote has reached the emulator. */
function whenEnded(pty: IPty, emulator: Emulator): Promise<Exit> {
  return new Promise((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
      emulator.write('', () => resolve({ code: exitCode, signal: name as NodeJS.Signals | undefined }));
    });
  });
}

function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

interface Watched {
  readonly emulator: Emulator;
  readonly screen: () => readonly string[];
  readonly exit: Promise<Exit>;
}

function waitFor(
  { emulator, screen, exit }: Watched,
  condition: RegExp | ((screen: string) => boolean),
  timeoutMs: number,
): Promise<void> {
  const text = () => screen().join('\n');
  const holds = () => (typeof condition === 'function' ? condition(text()) : condition.test(text()));
  return new Promise((resolve, reject) => {
    const check = () => {
      if (holds()) finish(resolve);
    };
    const giveUp = (why: string) => {
      finish(() => (holds() ? resolve() : reject(new Error(`${why}, and not on the screen: ${condition}\n${text()}`))));
    };
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      parsed.dispose();
      settle();
    };
    const timer = setTimeout(() => giveUp(`waited ${timeoutMs} ms`), timeoutMs);
    const parsed = emulator.onWriteParsed(check);
    exit.then(({ code, signal }) => giveUp(`ended with ${signal ?? code}`));
    check();
  });
}

function rowsOf(emulator: Emulator, first: number, count: number): readonly string[] {
  const buffer = emulator.buffer.active;
  return Array.from({ length: count }, (_, row) => buffer.getLine(first + row)?.translateToString(true) ?? '');
}

function primaryRows(emulator: Emulator): readonly string[] {
  const buffer = emulator.buffer.normal;
  const rows: string[] = [];
  for (let at = 0; at < buffer.length; at += 1) {
    const text = buffer.getLine(at)?.translateToString(!buffer.getLine(at + 1)?.isWrapped) ?? '';
    if (buffer.getLine(at)?.isWrapped) rows.push((rows.pop() ?? '') + text);
    else rows.push(text);
  }
  return rows.slice(0, rows.findLastIndex((row) => row !== '') + 1);
}

function cellsOf(emulator: Emulator): readonly (readonly Cell[])[] {
  const buffer = emulator.buffer.active;
  return Array.from({ length: emulator.rows }, (_, row) => {
    const line = buffer.getLine(buffer.viewportY + row);
    return Array.from({ length: emulator.cols }, (_, column) => toCell(line?.getCell(column)));
  });
}

function toCell(cell: IBufferCell | undefined): Cell {
  return {
    text: cell === undefined || (cell.getChars() === '' && cell.getWidth() > 0) ? ' ' : cell.getChars(),
    foreground: cell === undefined || cell.isFgDefault() ? 'default' : colour(cell.getFgColor(), cell.isFgRGB()),
    background: cell === undefined || cell.isBgDefault() ? 'default' : colour(cell.getBgColor(), cell.isBgRGB()),
    bold: Boolean(cell?.isBold()),
    dim: Boolean(cell?.isDim()),
    underlined: Boolean(cell?.isUnderline()),
    inverse: Boolean(cell?.isInverse()),
  };
}

function colour(value: number, isRgb: boolean): Colour {
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;
}
