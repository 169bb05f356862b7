import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Interval } from '../src/model/interval.ts';
import type { Known } from '../src/model/reading.ts';
import type { Report } from '../src/model/report.ts';
import { startSession } from '../src/session.ts';
import { buildProgram } from '../test/programs/build.ts';
import type { Benchmark, BenchmarkContext, Outcome, Row } from './rig/benchmark.ts';
import { type Child, startChild } from './rig/child.ts';
import { formatNumber } from './rig/format.ts';
import { median } from './rig/statistics.ts';

const run = promisify(execFile);

type Shape = 'paced' | 'bursty' | 'hot';

interface Point {
  readonly perSecond: number;
  readonly shape: Shape;
  readonly threads?: number;
  /** Widest half-width that is promised, relative; absent where it is what it is. */
  readonly halfWidth?: number;
}

/** At most 10 % up to 20 k/s, 35 % to 200 k/s and from 1.5 M/s up. */
const points: readonly Point[] = [
  ...shapes(1e3, ['paced', 'bursty', 'hot'], 0.1),
  ...shapes(2e4, ['paced', 'bursty', 'hot'], 0.1),
  ...shapes(1e5, ['paced', 'bursty', 'hot'], 0.35),
  ...shapes(1e6, ['paced', 'bursty', 'hot']),
  ...shapes(5e6, ['paced', 'bursty', 'hot'], 0.35),
  { perSecond: 2e7, shape: 'hot', halfWidth: 0.35 },
  { perSecond: 2e7, shape: 'hot', threads: 2, halfWidth: 0.35 },
];

const seconds = 20;
const warmUpMs = 3_000;
/** A quick look runs half the time, and each point but once. */
const quickSeconds = 10;
/** Each prices hits and samples anew; one after the other, each with a program of its own. */
const sessionsPerPoint = 2;
/** The more where the bounds are closer: half an hour in all. */
const runsPerSession = ({ perSecond }: Point) => (perSecond < 1e6 ? 2 : 1);
const heldPart = 0.95;
/** vDSO core share: within this, relative or absolute. */
const shareWithin = 0.05;
const shareWithinPoints = 0.002;
/** perf's own samples for the truth of the core share: ten times those of vdsotop. */
const perfPeriodNs = 1_000_000;
const perfSeconds = 5;

interface Watched {
  readonly truth: number;
  readonly estimate: Interval;
  readonly disagreed: boolean;
  readonly coreShare: Known<Interval>;
}

interface Run extends Watched {
  readonly perfShare: number;
}

/** What the program says of itself. */
interface Counted {
  readonly calls: number;
  readonly seconds: number;
}

export const fastRates: Benchmark = {
  name: 'fast-rates',
  title: 'How many vDSO calls there are, beside what the program itself counts',
  async run(context) {
    const rows: Row[] = [];
    const raw: Record<string, readonly number[]> = {};
    for (const point of points) {
      const runs = await runPoint(point, context);
      rows.push(...rowsOf(point, runs));
      Object.assign(raw, rawOf(point, runs));
    }
    return outcome(rows, raw);
  },
};

function shapes(perSecond: number, all: readonly Shape[], halfWidth?: number): readonly Point[] {
  return all.map((shape) => ({ perSecond, shape, ...(halfWidth !== undefined && { halfWidth }) }));
}

function nameOf({ perSecond, shape, threads = 1 }: Point): string {
  return `${formatNumber(perSecond)}/s ${shape}${threads === 1 ? '' : ` on ${threads} threads`}`;
}

async function runPoint(point: Point, { quick, progress }: BenchmarkContext): Promise<readonly Run[]> {
  const runs: Run[] = [];
  const { perSecond, shape, threads = 1 } = point;
  for (let session = 0; session < (quick ? 1 : sessionsPerPoint); session += 1) {
    const program = await startChild(buildProgram('fast-rate'), [String(perSecond), shape, String(threads)]);
    await sleep(500);
    const windows = await watch(
      program,
      quick ? { seconds: quickSeconds, runs: 1 } : { seconds, runs: runsPerSession(point) },
    );
    const perfShare = await perfShareOf(program.pid);
    runs.push(...windows.map((one) => ({ ...one, perfShare })));
    await program.end('SIGKILL');
  }
  progress(`${nameOf(point)}: ${runs.filter(holds).length} of ${runs.length} held, ${describe(runs.at(-1))}`);
  return runs;
}

/** The first seconds, in which the probes find their pace, are not of any window. */
async function watch(
  program: Child,
  each: { readonly seconds: number; readonly runs: number },
): Promise<readonly Watched[]> {
  const session = startSession({
    ...{ pid: program.pid, counter: 'auto', children: false, startsWithExec: false },
    ...{ intervalMs: 1_000, version: 'bench', commandLine: 'bench' },
  });
  const watched: Watched[] = [];
  await session.armed;
  await sleep(warmUpMs);
  while (watched.length < each.runs) {
    await session.sampleNow();
    session.reset();
    const before = await countOf(program);
    await session.sampleNow();
    await sleep(each.seconds * 1_000);
    await session.sampleNow();
    watched.push(watchedOf(session.report(), before, await countOf(program)));
  }
  session.close();
  return watched;
}

function watchedOf(report: Report | undefined, before: Counted, after: Counted): Watched {
  const clock = report?.clocks.find(({ name }) => name === 'MONOTONIC');
  if (report === undefined || clock === undefined) throw new Error('the session made no report');
  const estimate = clock.fastCallsPerSecond;
  if ('unavailable' in estimate) throw new Error(`no estimate: ${estimate.detail}`);
  return {
    truth: (after.calls - before.calls) / (after.seconds - before.seconds),
    estimate,
    disagreed: clock.probesDisagree !== undefined,
    coreShare: report.impact.fastCoreShare,
  };
}

async function countOf(program: Child): Promise<Counted> {
  const [calls = 0, ns = 0] = (await program.ask('count')).split(' ').map(Number);
  return { calls, seconds: ns / 1e9 };
}

/** Part of a core in [vdso] by perf record, right after vdsotop has left: samples × period ÷ time. */
async function perfShareOf(pid: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'vdsotop-bench-'));
  const data = join(directory, 'perf.data');
  try {
    await run('perf', [
      ...['record', '-q', '-e', 'cpu-clock', '-c', String(perfPeriodNs), '-p', String(pid), '-o', data],
      ...['sleep', String(perfSeconds)],
    ]);
    const { stdout } = await run('perf', ['script', '-i', data, '-F', 'ip,dso'], { maxBuffer: 64 << 20 });
    const inVdso = stdout.split('\n').filter((line) => line.includes('[vdso]')).length;
    return (inVdso * perfPeriodNs) / 1e9 / perfSeconds;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function holds({ truth, estimate }: Run): boolean {
  return estimate.low <= truth && truth <= estimate.high;
}

function halfWidthOf({ estimate: { low, high } }: Run): number {
  return (high - low) / (high + low);
}

function shareError({ coreShare, perfShare }: Run): number {
  return 'unavailable' in coreShare ? Number.POSITIVE_INFINITY : Math.abs(coreShare.value - perfShare);
}

function shareIsClose(one: Run): boolean {
  return shareError(one) <= Math.max(shareWithinPoints, shareWithin * one.perfShare);
}

function describe(one: Run | undefined): string {
  if (one === undefined) return 'nothing run';
  const { value, low, high } = one.estimate;
  const share = 'unavailable' in one.coreShare ? 'none' : percent(one.coreShare.value);
  return `the last ${formatNumber(one.truth)} told as ${formatNumber(value)} (${formatNumber(low)} to ${formatNumber(high)}); core share ${share}, by perf ${percent(one.perfShare)}`;
}

function percent(share: number): string {
  return `${formatNumber(share * 100)} %`;
}

function rowsOf(point: Point, runs: readonly Run[]): readonly Row[] {
  const held = runs.filter(holds).length;
  const widths = runs.map(halfWidthOf);
  const close = runs.filter(shareIsClose).length;
  const peer = `the program's own count, ${formatNumber(median(runs.map(({ truth }) => truth)))}/s`;
  const disagreed = runs.filter((one) => one.disagreed).length;
  return [
    {
      what: `${nameOf(point)}: interval holds the truth`,
      figure: `${held} of ${runs.length} runs`,
      spread: disagreed === 0 ? '' : `probes disagreed in ${disagreed}`,
      peer,
      bound: 'at least 95 %',
      met: held / runs.length >= heldPart,
    },
    {
      what: `${nameOf(point)}: half-width of the interval`,
      figure: percent(median(widths)),
      spread: `${percent(Math.min(...widths))} to ${percent(Math.max(...widths))} (min to max of ${runs.length})`,
      peer,
      bound: point.halfWidth === undefined ? '' : `at most ${percent(point.halfWidth)}`,
      met: point.halfWidth === undefined ? undefined : median(widths) <= point.halfWidth,
    },
    {
      what: `${nameOf(point)}: vDSO core share beside perf's`,
      figure: `${percent(median(runs.map(shareError)))} of a core off`,
      spread: `${close} of ${runs.length} runs within the bound`,
      peer: `perf record, ${percent(median(runs.map(({ perfShare }) => perfShare)))} of a core`,
      bound: 'within 5 % or 0.2 points',
      met: close / runs.length >= heldPart,
    },
  ];
}

function rawOf(point: Point, runs: readonly Run[]): Outcome['raw'] {
  const name = nameOf(point);
  return {
    [`${name}: truth, calls/s`]: runs.map(({ truth }) => truth),
    [`${name}: estimate, calls/s`]: runs.map(({ estimate }) => estimate.value),
    [`${name}: low, calls/s`]: runs.map(({ estimate }) => estimate.low),
    [`${name}: high, calls/s`]: runs.map(({ estimate }) => estimate.high),
    [`${name}: core share off, cores`]: runs.map(shareError),
  };
}

function outcome(rows: readonly Row[], raw: Outcome['raw']): Outcome {
  return {
    how: [
      `test/programs/fast-rate calls clock_gettime(CLOCK_MONOTONIC) through libc and counts its calls: evenly spaced (asleep in between up to 2,000/s, else spinning on the counter register), in a hundred bursts a second, or in a loop without a pause with arithmetic between the calls. A whole session without a screen watches it at the default budget; after ${warmUpMs / 1_000} s its window begins anew and lasts ${seconds} s, once or twice one after the other, in each of ${sessionsPerPoint} sessions of each point.`,
      `The estimate and its 95 % interval are those of the report; the truth is the program's count over the same time. The core share is compared with perf record of the same process for ${perfSeconds} s right after, one sample each ${perfPeriodNs / 1e6} ms.`,
    ],
    rows,
    notes: [
      'A hit of a breakpoint slows a caller that never pauses and not one that waits for its time: the interval holds both, so its width grows with rate × price of a hit.',
    ],
    raw,
  };
}
