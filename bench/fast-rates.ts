import { setTimeout as sleep } from 'node:timers/promises';
import type { Interval } from '../src/model/interval.ts';
import type { Known } from '../src/model/reading.ts';
import type { Report } from '../src/model/report.ts';
import { startSession } from '../src/session.ts';
import { buildProgram } from '../test/programs/build.ts';
import { perfPeriodNs, perfShareOf } from './fast-rates/perf-share.ts';
import type { Benchmark, BenchmarkContext, Outcome, Row } from './rig/benchmark.ts';
import { type Child, startChild } from './rig/child.ts';
import { formatNumber } from './rig/format.ts';
import { mean, median } from './rig/statistics.ts';

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
const warmUpMs = 12_000;
/** A quick look runs half the time, and one window. */
const quickSeconds = 10;
/** One after the other in a session, which prices hits and samples once. */
const leastWindows = 3;
/** Where more of a core is at stake, windows go on until their samples tell that share closely enough, at most so many. */
const mostWindowsOf = ({ perSecond }: Point) => (perSecond < 1e6 ? leastWindows : 4);
const perfSecondsOf = ({ perSecond }: Point) => (perSecond < 1e6 ? 5 : 30);
const heldPart = 0.95;
/** vDSO core share: within this, relative or absolute. */
const shareWithin = 0.05;
const shareWithinPoints = 0.002;
const shareBound = (share: number) => Math.max(shareWithinPoints, shareWithin * share);

interface Watched {
  readonly truth: number;
  readonly estimate: Interval;
  readonly disagreed: boolean;
  readonly coreShare: Known<Interval>;
}

/** The windows of one session, and what perf found right after it. */
interface Session {
  readonly windows: readonly Watched[];
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
    const all: Session[] = [];
    for (const point of points) {
      const sessions = await runPoint(point, context);
      all.push(...sessions);
      rows.push(...rowsOf(point, sessions));
      Object.assign(raw, rawOf(point, sessions));
    }
    return outcome([sharesRow(all), ...rows], raw);
  },
};

function shapes(perSecond: number, all: readonly Shape[], halfWidth?: number): readonly Point[] {
  return all.map((shape) => ({ perSecond, shape, ...(halfWidth !== undefined && { halfWidth }) }));
}

function nameOf({ perSecond, shape, threads = 1 }: Point): string {
  return `${formatNumber(perSecond)}/s ${shape}${threads === 1 ? '' : ` on ${threads} threads`}`;
}

async function runPoint(point: Point, { quick, progress }: BenchmarkContext): Promise<readonly Session[]> {
  const { perSecond, shape, threads = 1 } = point;
  const program = await startChild(buildProgram('fast-rate'), [String(perSecond), shape, String(threads)]);
  await sleep(500);
  const windows = await watch(
    program,
    quick ? { seconds: quickSeconds, least: 1, most: 1 } : { seconds, least: leastWindows, most: mostWindowsOf(point) },
  );
  const sessions: readonly Session[] = [{ windows, perfShare: await perfShareOf(program.pid, perfSecondsOf(point)) }];
  await program.end('SIGKILL');
  progress(`${nameOf(point)}: ${describe(sessions)}`);
  return sessions;
}

/** The first seconds, in which the probes find their pace and pay back what that took, are not of any window. */
async function watch(
  program: Child,
  each: { readonly seconds: number; readonly least: number; readonly most: number },
): Promise<readonly Watched[]> {
  const session = startSession({
    ...{ pid: program.pid, counter: 'auto', children: false, startsWithExec: false },
    ...{ intervalMs: 1_000, version: 'bench', commandLine: 'bench' },
  });
  const watched: Watched[] = [];
  await session.armed;
  await sleep(warmUpMs);
  while (watched.length < each.least || (watched.length < each.most && !isShareTold(watched))) {
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

function holds({ truth, estimate }: Watched): boolean {
  return estimate.low <= truth && truth <= estimate.high;
}

function halfWidthOf({ estimate: { low, high } }: Watched): number {
  return (high - low) / (high + low);
}

/** What all windows of a session tell together: of one time after the other, all of a length. */
function pooledShare(windows: readonly Watched[]): { readonly share: number; readonly halfWidth: number } {
  const shares = windows.map(({ coreShare }) => ('unavailable' in coreShare ? nothingTold : coreShare));
  const halves = shares.map(({ low, high }) => (high - low) / 2);
  return { share: mean(shares.map(({ value }) => value)), halfWidth: Math.hypot(...halves) / windows.length };
}

const nothingTold: Interval = { value: Number.NaN, low: Number.NaN, high: Number.NaN };

function isShareTold(windows: readonly Watched[]): boolean {
  const { share, halfWidth } = pooledShare(windows);
  return halfWidth <= shareBound(share);
}

function shareOf({ windows }: Session): number {
  return pooledShare(windows).share;
}

function shareError(session: Session): number {
  return Math.abs(shareOf(session) - session.perfShare);
}

function shareIsClose(session: Session): boolean {
  return shareError(session) <= shareBound(session.perfShare);
}

function windowsIn(sessions: readonly Session[]): readonly Watched[] {
  return sessions.flatMap(({ windows }) => windows);
}

function describe(sessions: readonly Session[]): string {
  const windows = windowsIn(sessions);
  const last = windows.at(-1);
  const [one] = sessions;
  if (last === undefined || one === undefined) return 'nothing run';
  const { value, low, high } = last.estimate;
  const widths = windows.map((each) => percent(halfWidthOf(each))).join(', ');
  return `${windows.filter(holds).length} of ${windows.length} held, half-widths ${widths}, the last ${formatNumber(last.truth)} told as ${formatNumber(value)} (${formatNumber(low)} to ${formatNumber(high)}); core share ${percent(shareOf(one))} ± ${percent(pooledShare(one.windows).halfWidth)}, by perf ${percent(one.perfShare)}`;
}

function percent(share: number): string {
  return `${formatNumber(share * 100)} %`;
}

function rowsOf(point: Point, sessions: readonly Session[]): readonly Row[] {
  const windows = windowsIn(sessions);
  const held = windows.filter(holds).length;
  const widths = windows.map(halfWidthOf);
  const peer = `the program's own count, ${formatNumber(median(windows.map(({ truth }) => truth)))}/s`;
  const disagreed = windows.filter((one) => one.disagreed).length;
  return [
    {
      what: `${nameOf(point)}: interval holds the truth`,
      figure: `${held} of ${windows.length} windows`,
      spread: disagreed === 0 ? '' : `probes disagreed in ${disagreed}`,
      peer,
      bound: 'at least 95 %',
      met: held / windows.length >= heldPart,
    },
    {
      what: `${nameOf(point)}: half-width of the interval`,
      figure: percent(median(widths)),
      spread: `${percent(Math.min(...widths))} to ${percent(Math.max(...widths))} (min to max of ${widths.length})`,
      peer,
      bound: point.halfWidth === undefined ? '' : `at most ${percent(point.halfWidth)}`,
      met: point.halfWidth === undefined ? undefined : median(widths) <= point.halfWidth,
    },
    {
      what: `${nameOf(point)}: vDSO core share beside perf's`,
      figure: `${percent(median(sessions.map(shareError)))} of a core off`,
      spread: `${sessions.filter(shareIsClose).length} of ${sessions.length} sessions within 5 % or 0.2 points, after ${sessions.map((session) => session.windows.length * seconds).join(' and ')} s; by its own interval ± ${percent(median(sessions.map((session) => pooledShare(session.windows).halfWidth)))}`,
      peer: `perf record, ${percent(median(sessions.map(({ perfShare }) => perfShare)))} of a core`,
      bound: '',
      met: undefined,
    },
  ];
}

function sharesRow(sessions: readonly Session[]): Row {
  const close = sessions.filter(shareIsClose).length;
  return {
    what: "vDSO core share beside perf's, at all rates and shapes",
    figure: `${close} of ${sessions.length} sessions within 5 % or 0.2 points`,
    spread: `off by ${percent(median(sessions.map(shareError)))} of a core in the median, ${percent(Math.max(...sessions.map(shareError)))} at most`,
    peer: 'perf record of the same process right after',
    bound: 'at least 95 %',
    met: close / sessions.length >= heldPart,
  };
}

function rawOf(point: Point, sessions: readonly Session[]): Outcome['raw'] {
  const name = nameOf(point);
  const windows = windowsIn(sessions);
  return {
    [`${name}: truth, calls/s`]: windows.map(({ truth }) => truth),
    [`${name}: estimate, calls/s`]: windows.map(({ estimate }) => estimate.value),
    [`${name}: low, calls/s`]: windows.map(({ estimate }) => estimate.low),
    [`${name}: high, calls/s`]: windows.map(({ estimate }) => estimate.high),
    [`${name}: core share, cores`]: sessions.map(shareOf),
    [`${name}: core share by perf, cores`]: sessions.map(({ perfShare }) => perfShare),
  };
}

function outcome(rows: readonly Row[], raw: Outcome['raw']): Outcome {
  return {
    how: [
      `test/programs/fast-rate calls clock_gettime(CLOCK_MONOTONIC) through libc and counts its calls: evenly spaced (asleep in between up to 2,000/s, else spinning on the counter register), in a hundred bursts a second, or in a loop without a pause with arithmetic between the calls. A whole session without a screen watches it at the default budget; after ${warmUpMs / 1_000} s its window begins anew and lasts ${seconds} s. There are three windows; from 1 M/s on a fourth, unless the CPU samples of three tell the core share within the bound by their own interval.`,
      `The estimate and its 95 % interval are those of the report; the truth is the program's count over the same time. The core share is the mean of the windows of a session: the samples that the budget pays for are too few in one window. It is compared with perf record of the same process right after, for 5 s below 1 M/s and 30 s from there on, one sample each ${perfPeriodNs / 1e6} ms of its CPU time.`,
    ],
    rows,
    notes: [
      'A hit of a breakpoint slows a caller that never pauses and not one that waits for its time: the interval holds both, so its width grows with rate × price of a hit.',
    ],
    raw,
  };
}
