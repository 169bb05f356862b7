import { existsSync } from 'node:fs';
import { execa } from 'execa';
import type { Reading, Unavailable } from '../model/reading.ts';
import { cleanText } from './clean-text.ts';
import { readExecutable } from './process/executable.ts';
import { atGivenPriority } from './process/own-priority.ts';
import { available, unavailable } from './reading.ts';

/** What `perf trace -s` printed at its end. */
export interface PerfTrace {
  readonly seconds: number;
  /** Calls by function, all threads together; 0 for a function that was not called. */
  readonly calls: Readonly<Record<string, number>>;
  /** Events that perf says it lost: with any, `calls` are too few. */
  readonly lostEvents: number;
}

const traced = ['clock_gettime', 'gettimeofday'];
const longestSeconds = 2;
/** perf first works off what it collected; then it is asked to stop, and at last it is stopped. */
const askAfterMs = 2_000;
const killAfterMs = 6_000;

/**
 * Runs the real perf trace on a 64-bit process for at most two seconds: it slows every traced call by tens of µs. perf
 * ends by itself when the `sleep` it starts does, so that it never outlives us for longer than that.
 */
export async function runPerfTrace(pid: number, seconds: number): Promise<Reading<PerfTrace>> {
  const { bits } = readExecutable(`/proc/${pid}`);
  if ('unavailable' in bits ? bits.unavailable === 'unsupported' : bits.value === 32) return unsupported32;
  const length = Math.min(seconds, longestSeconds);
  const argv = ['trace', '-s', '-e', traced.join(','), '-p', `${pid}`, '--', 'sleep', `${length}`];
  const options = { stdin: 'ignore', all: true, reject: false, env: { LC_ALL: 'C' } } as const;
  const perf = atGivenPriority(() => execa('perf', argv, options));
  const ask = setTimeout(() => perf.kill('SIGINT'), length * 1_000 + askAfterMs);
  const kill = setTimeout(() => perf.kill('SIGKILL'), length * 1_000 + killAfterMs);
  const result = await perf;
  clearTimeout(ask);
  clearTimeout(kill);
  if (result.code === 'ENOENT') return notInstalled;
  return parsePerfTrace(result.all ?? '', { pid, seconds: length, command: `perf ${argv.join(' ')}` });
}

const unsupported32 = unavailable(
  'unsupported',
  'perf trace prints 0 calls for a 32-bit program, however many it makes: system call tracepoints never fire for it',
);
const notInstalled = unavailable(
  'absent',
  'perf is not installed',
  'apt-get install linux-perf (Debian), apt-get install linux-tools-generic (Ubuntu)',
);

interface Run {
  readonly pid: number;
  readonly seconds: number;
  readonly command: string;
}

/** Without the title of its summary perf counted nothing, whatever its exit code; under the title no row is 0 calls. */
export function parsePerfTrace(output: string, { pid, seconds, command }: Run): Reading<PerfTrace> {
  if (!/^\s*Summary of events:/m.test(output)) return failure(output, pid, command);
  const calls = Object.fromEntries(traced.map((name) => [name, sum(output, rowOf(name))]));
  return available({ seconds, calls, lostEvents: sum(output, /^LOST (\d+) events/gm) }, command);
}

/** tools/perf/builtin-trace.c prints rows as "   %-15s %8llu …"; a thread's name has not the room to look like one. */
function rowOf(name: string): RegExp {
  return new RegExp(`^ {3}${name} +(\\d+) +\\d`, 'gm');
}

function sum(output: string, count: RegExp): number {
  return [...output.matchAll(count)].reduce((total, [, digits]) => total + Number(digits), 0);
}

function failure(output: string, pid: number, command: string): Unavailable {
  if (!existsSync(`/proc/${pid}`)) return unavailable('absent', `process ${pid} has ended`);
  const said = cleanText(output, 160);
  if (said === '' || /permission|not permitted|paranoid|symbol libraries/i.test(output))
    return unavailable('denied', `${command}: ${said === '' ? 'it printed nothing' : said}`, `sudo ${command}`);
  return unavailable('failed', `${command}: ${said}`);
}
