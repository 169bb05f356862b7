import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that is spoken to by lines. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The next line of its standard output; throws what it said on standard error when it has ended. */
  line(): Promise<string>;
  /** Writes a line and answers the next one. */
  ask(command: string): Promise<string>;
  /** Sends the signal, waits for the end, and answers all that it has printed on either stream. */
  end(signal?: NodeJS.Signals): Promise<string>;
}

/** perf and bpftrace first work off what they collected. */
const stopWithinMs = 10_000;
const running = new Set<Child>();

/** Starts a program; it is spawned when this returns. */
export async function startChild(
  command: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Child> {
  const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const printed: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  const unread: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    printed.push(line);
    const wake = waiting.shift();
    if (wake === undefined) unread.push(line);
    else wake(line);
  });
  child.stderr.on('data', (data) => printed.push(String(data)));
  // What is written to a program that has just ended is of no interest: its next line() throws.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close').then(() => {
    for (const wake of waiting.splice(0)) wake(undefined);
  });
  await once(child, 'spawn');

  const line = async () => {
    const next = unread.shift() ?? (await nextLine());
    if (next === undefined) throw new Error(`${command} ended: ${printed.join('\n').trim()}`);
    return next;
  };
  const nextLine = () =>
    child.exitCode !== null || child.signalCode !== null
      ? undefined
      : new Promise<string | undefined>((resolve) => waiting.push(resolve));
  const started: Child = {
    pid: child.pid ?? 0,
    process: child,
    line,
    ask(text) {
      child.stdin.write(`${text}\n`);
      return line();
    },
    async end(signal = 'SIGTERM') {
      running.delete(started);
      child.kill(signal);
      const overdue = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await closed;
      clearTimeout(overdue);
      return printed.join('\n');
    },
  };
  running.add(started);
  return started;
}

/** Ends whatever a benchmark that failed has left running. */
export async function endChildren(): Promise<void> {
  for (const child of [...running]) await child.end('SIGKILL');
}
