import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const programs = join(import.meta.dirname, '..', 'programs');

const common = ['-O1', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-pthread'];

/** Compiles test/programs/NAME.c into `directory`; returns the path of the program. */
export function compile(directory: string, name: string, flags: readonly string[] = [], compiler = 'cc'): string {
  const program = join(directory, [name, ...flags].join(''));
  execFileSync(compiler, [...common, ...flags, '-o', program, join(programs, `${name}.c`)]);
  return program;
}

export interface Started {
  readonly pid: number;
  readonly child: ChildProcess;
  /** The next line of its standard output. */
  line(): Promise<string>;
  /** Ends it and waits until it is reaped. */
  end(): Promise<void>;
}

const running = new Set<Started>();
afterAll(async () => {
  for (const started of running) await started.end();
});

/** Starts a program that has been executed when this returns, and is ended after the test file at the latest. */
export async function start(
  command: string,
  args: readonly string[] = [],
  options: Pick<SpawnOptions, 'argv0' | 'uid' | 'gid' | 'env'> = {},
): Promise<Started> {
  // util-linux 2.38's unshare complains of a signal mask when its child is killed.
  const stderr = command === 'unshare' ? 'ignore' : 'pipe';
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', stderr] });
  // Not inherited: one that outlives a test run which was killed would keep the runner waiting for its end.
  child.stderr?.pipe(process.stderr, { end: false });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createLines(child);
  const started: Started = {
    pid: child.pid ?? 0,
    child,
    line: () => lines.next(),
    async end() {
      running.delete(started);
      child.kill('SIGKILL');
      await exited;
    },
  };
  running.add(started);
  return started;
}

function createLines(child: ChildProcess) {
  let text = '';
  let wake = () => {};
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  return {
    async next(): Promise<string> {
      while (!text.includes('\n')) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const line = text.slice(0, text.indexOf('\n'));
      text = text.slice(line.length + 1);
      return line;
    },
  };
}

/** Runs TypeScript as the user nobody, without any capability; returns what it logged as JSON. */
export function runAsNobody(source: string, ...args: readonly string[]): unknown {
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', source, '--', ...args], {
    uid: 65_534,
    gid: 65_534,
    encoding: 'utf8',
    cwd: '/',
  });
  return JSON.parse(output);
}

/** Absolute path of a collector ('host/capabilities'), for `runAsNobody`. */
export function collector(name: string): string {
  return join(import.meta.dirname, '..', '..', 'src', 'collect', `${name}.ts`);
}

/** Polls every 5 ms until `ready` holds; throws after two seconds. */
export async function until(ready: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!ready()) {
    if (performance.now() > deadline) throw new Error(`still not so after 10 s: ${ready}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The value of a reading that must have one; throws its reason otherwise. */
export function value<T>(
  reading: { readonly value: T } | { readonly unavailable: string; readonly detail: string },
): T {
  if ('value' in reading) return reading.value;
  throw new Error(`${reading.unavailable}: ${reading.detail}`);
}
