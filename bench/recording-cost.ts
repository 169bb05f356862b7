import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome } from './rig/benchmark.ts';
import { formatConfidence, formatNumber, formatRange } from './rig/format.ts';
import { vdsotop } from './rig/paths.ts';
import { cpuNsOfThreads } from './rig/process-cost.ts';
import { type Screen, startScreen } from './rig/screen.ts';
import { bootstrap, mean, medianAndRange } from './rig/statistics.ts';

const mostCoreShare = 0.005;
/** As in screen-cost; the minute that a recording begins with is there by then. */
const warmUpMs = 6_000;
/** Loading what records, and writing what was before the key, are paid once. */
const settleMs = 1_500;
const stretchMs = 6_000;

interface Pair {
  /** Parts of one core. */
  readonly recording: number;
  readonly not: number;
  readonly bytesPerSecond: number;
}

export const recordingCost: Benchmark = {
  name: 'recording-cost',
  title: 'What recording adds to the live screen',
  async run({ quick, progress }) {
    const folder = mkdtempSync(join(tmpdir(), 'vdsotop-recording-'));
    const screen = startScreen(vdsotop, ['demo'], folder);
    const pairs: Pair[] = [];
    try {
      await screen.shows(/LIVE/);
      await sleep(warmUpMs);
      const rounds = quick ? 3 : 16;
      for (let round = 1; round <= rounds; round += 1) {
        pairs.push(await measurePair(screen, folder, round % 2 === 0));
        const last = pairs.at(-1);
        progress(`round ${round} of ${rounds}: ${percent(last?.recording)} recording, ${percent(last?.not)} not`);
      }
      return outcome(pairs);
    } finally {
      screen.send('q');
      await Promise.race([screen.ended, sleep(3_000)]);
      screen.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** One stretch each, in either order; R begins and ends the recording. */
async function measurePair(screen: Screen, folder: string, recordingFirst: boolean): Promise<Pair> {
  const before = recordingFirst ? undefined : await coreShare(screen.pid);
  const files = readdirSync(folder);
  screen.send('R');
  await sleep(settleMs);
  const file = readdirSync(folder).find((name) => !files.includes(name));
  if (file === undefined) throw new Error('R began no recording');
  const bytes = () => statSync(join(folder, file)).size;
  const bytesBefore = bytes();
  const recording = await coreShare(screen.pid);
  const bytesPerSecond = (bytes() - bytesBefore) / (stretchMs / 1_000);
  screen.send('R');
  await sleep(settleMs);
  return { recording, bytesPerSecond, not: before ?? (await coreShare(screen.pid)) };
}

async function coreShare(pid: number): Promise<number> {
  const startedMs = performance.now();
  const before = cpuNsOfThreads(pid);
  await sleep(stretchMs);
  return (cpuNsOfThreads(pid) - before) / 1e6 / (performance.now() - startedMs);
}

function outcome(pairs: readonly Pair[]): Outcome {
  const added = bootstrap(pairs.map(({ recording, not }) => recording - not));
  const kibPerSecond = pairs.map(({ bytesPerSecond }) => bytesPerSecond / 1_024);
  const scaled = { value: added.value * 100, low: added.low * 100, high: added.high * 100 };
  return {
    how: [
      `\`vdsotop demo\` on a pseudo-terminal of 120 × 40 at its default rate of 2 Hz. R begins and ends a recording in gzip; in ${pairs.length} pairs, stretches of ${stretchMs / 1_000} s with and without one follow each other in changing order. CPU time is that of /proc/PID/task/*/schedstat; what beginning and ending cost is not in it.`,
    ],
    rows: [
      {
        what: 'CPU that recording adds',
        figure: `${percent(added.value)} of a core`,
        spread: formatConfidence(scaled, ' %', `${pairs.length} pairs`),
        peer: `without it ${percent(mean(pairs.map(({ not }) => not)))} of a core`,
        bound: `≤ ${percent(mostCoreShare)}`,
        met: added.value <= mostCoreShare,
      },
      {
        what: 'what is written',
        figure: `${formatNumber(mean(kibPerSecond))} KiB/s in gzip`,
        spread: formatRange(medianAndRange(kibPerSecond), ' KiB/s', pairs.length),
        peer: '',
        bound: '',
        met: undefined,
      },
    ],
    notes: [],
    raw: {
      'recording, % of a core': pairs.map(({ recording }) => recording * 100),
      'not recording, % of a core': pairs.map(({ not }) => not * 100),
    },
  };
}

function percent(share: number | undefined): string {
  return `${formatNumber((share ?? Number.NaN) * 100)} %`;
}
