import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome, Row } from './rig/benchmark.ts';
import { formatNumber, formatRange } from './rig/format.ts';
import { vdsotop } from './rig/paths.ts';
import { startScreen } from './rig/screen.ts';
import { median, medianAndRange, shuffled } from './rig/statistics.ts';
import { startTimedLoop } from './rig/timed-loop.ts';

/** Milliseconds since vdsotop was started. */
interface Start {
  /** The first screen: what it is and that it measures. */
  readonly firstFrameMs: number;
  /** The first with the target's name and the table of clocks. */
  readonly firstReadingsMs: number;
  /** The first with a headline in place of 'measuring'. */
  readonly firstVerdictMs: number;
}

const mostTimes = 10;
const aimTimes = 7;
const mostVerdictMs = 1_500;
/** The kernel detaches for some tenths of a second, which are not the next one's to pay. */
const restMs = 500;

export const startUp: Benchmark = {
  name: 'start-up',
  title: 'How soon there is something on the screen, and a verdict',
  async run({ quick, progress }) {
    const loop = await startTimedLoop();
    const rounds = quick ? 5 : 25;
    const bareMs: number[] = [];
    const starts: Start[] = [];
    const steps = [
      async () => void bareMs.push(await startBareNode()),
      async () => void starts.push(await startVdsotop(loop.pid)),
    ];
    for (let round = 0; round < rounds; round += 1) {
      for (const step of shuffled(steps)) {
        await step();
        await sleep(restMs);
      }
    }
    await loop.end();
    progress(`first frame after ${formatNumber(median(starts.map((start) => start.firstFrameMs)))} ms`);
    return outcome(bareMs, starts);
  },
};

/** The very Node that vdsotop finds beside itself: the one that runs this. */
function startBareNode(): Promise<number> {
  return startScreen(process.execPath, ['-e', '0']).ended;
}

async function startVdsotop(pid: number): Promise<Start> {
  const screen = startScreen(vdsotop, ['-p', String(pid)]);
  const [firstFrameMs, firstReadingsMs, firstVerdictMs] = await Promise.all([
    screen.shows(/measuring/),
    screen.shows(new RegExp(`\\(pid ${pid}\\)[^]*MONOTONIC`)),
    screen.shows(/LIVE/),
  ]);
  screen.send('q');
  await screen.ended;
  return { firstFrameMs, firstReadingsMs, firstVerdictMs };
}

function outcome(bareMs: readonly number[], starts: readonly Start[]): Outcome {
  const count = starts.length;
  const frameMs = starts.map(({ firstFrameMs }) => firstFrameMs);
  const readingsMs = starts.map(({ firstReadingsMs }) => firstReadingsMs);
  const verdictMs = starts.map(({ firstVerdictMs }) => firstVerdictMs);
  const times = (ms: readonly number[]) => ms.map((value, round) => value / (bareMs[round] ?? Number.NaN));
  return {
    how: [
      `\`bin/vdsotop -p PID\` and \`node -e 0\` by the same Node ${process.version} are started on a pseudo-terminal of 120 × 40, ${count} times each, in random order. The clock runs from the start to the bytes of the frame, for bare Node to its end.`,
    ],
    rows: [
      ratioRow('first painted frame', times(frameMs), bareMs, true),
      ratioRow('first frame with the target and its clocks', times(readingsMs), bareMs, false),
      msRow('first painted frame', frameMs, undefined),
      msRow('first frame with the target and its clocks', readingsMs, undefined),
      msRow('first verdict', verdictMs, mostVerdictMs),
    ],
    notes: [`The aim is ${aimTimes}×, the bound ${mostTimes}×.`],
    raw: {
      '`node -e 0`, ms': bareMs,
      'first painted frame, ms': frameMs,
      'first frame with the target and its clocks, ms': readingsMs,
      'first verdict, ms': verdictMs,
    },
  };
}

function ratioRow(what: string, ratios: readonly number[], bareMs: readonly number[], bound: boolean): Row {
  const range = medianAndRange(ratios);
  return {
    what: `${what} ÷ \`node -e 0\``,
    figure: `${formatNumber(range.value)}×`,
    spread: formatRange(range, '×', ratios.length),
    peer: `\`node -e 0\` ${formatNumber(median(bareMs))} ms`,
    bound: bound ? `≤ ${mostTimes}` : '',
    met: bound ? range.value <= mostTimes : undefined,
  };
}

function msRow(what: string, ms: readonly number[], mostMs: number | undefined): Row {
  const range = medianAndRange(ms);
  return {
    what,
    figure: `${formatNumber(range.value)} ms`,
    spread: formatRange(range, ' ms', ms.length),
    peer: '',
    bound: mostMs === undefined ? '' : `≤ ${formatNumber(mostMs)} ms`,
    met: mostMs === undefined ? undefined : range.value <= mostMs,
  };
}
