import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';

/** A program on a pseudo-terminal of 120 × 40 that nobody draws: what it writes is only looked through for words. */
export interface Screen {
  readonly pid: number;
  /** Milliseconds from the call that started it to the bytes that complete the match; rejects when it ends before. */
  shows(pattern: RegExp): Promise<number>;
  /** Milliseconds from the call that started it to its end. */
  readonly ended: Promise<number>;
  /** When it wrote something, performance.now() of each time. */
  readonly paintedAt: readonly number[];
  send(text: string): void;
  kill(signal?: NodeJS.Signals): void;
}

const size = { cols: 120, rows: 40 };

/** `cwd`: where it writes what it saves. */
export function startScreen(command: string, args: readonly string[], cwd = process.cwd()): Screen {
  const startedMs = performance.now();
  const pty = spawn(command, [...args], { ...size, cwd, env: environment(), name: 'xterm-256color' });
  const waiting = new Set<() => void>();
  const paintedAt: number[] = [];
  let text = '';
  pty.onData((data) => {
    paintedAt.push(performance.now());
    text += stripVTControlCharacters(data);
    for (const look of waiting) look();
  });
  const ended = new Promise<number>((resolve) => pty.onExit(() => resolve(performance.now() - startedMs)));
  return {
    pid: pty.pid,
    ended,
    paintedAt,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return;
          waiting.delete(look);
          resolve(performance.now() - startedMs);
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`${command} ended without showing ${pattern}:\n${text.slice(-2_000)}`)));
      }),
    send: (keys) => pty.write(keys),
    kill: (signal = 'SIGKILL') => pty.kill(signal),
  };
}

function environment(): Record<string, string> {
  const { CI, ...rest } = process.env;
  const entries = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(entries), TERM: 'xterm-256color', COLORTERM: 'truecolor' };
}
