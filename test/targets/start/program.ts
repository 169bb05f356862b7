import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnCounts, Running } from '../target.ts';

export interface ProgramOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** The program is the only child of the one that is started, such as unshare. */
  readonly asChild?: boolean;
  /** Sent when vdsotop counts. */
  readonly go?: NodeJS.Signals;
  /** What it prints before it is ready; without it, it is ready a moment after it was started. */
  readonly readyAt?: RegExp;
  readonly settleMs?: number;
}

const settleMs = 300;

/** Starts a program that ends on SIGTERM and may then print one line of JSON with its own counts. */
export async function startProgram(
  path: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Running> {
  const started = spawn(path, [...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...options.environment },
  });
  const output: string[] = [];
  started.stdout.on('data', (data) => output.push(String(data)));
  const closed = once(started, 'close');
  await once(started, 'spawn');
  await sleep(options.settleMs ?? settleMs);
  if (started.exitCode !== null) throw new Error(`${path} ended at once with ${started.exitCode}: ${output.join('')}`);
  const pid = options.asChild ? onlyChild(started) : (started.pid ?? 0);
  const { go } = options;
  return {
    pid,
    ...(go === undefined ? {} : { go: () => void process.kill(pid, go) }),
    async end() {
      process.kill(pid, 'SIGTERM');
      await closed;
      return countsIn(output.join(''));
    },
  };
}

function onlyChild({ pid = 0 }: ChildProcess): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ');
  if (child === undefined || child === '') throw new Error(`process ${pid} has no child`);
  return Number(child);
}

function countsIn(output: string): OwnCounts {
  const line = output.split('\n').find((text) => text.startsWith('{'));
  const counts: unknown = line === undefined ? {} : JSON.parse(line);
  return Object.fromEntries(
    Object.entries(counts ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
