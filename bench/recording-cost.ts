import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome } from './rig/benchmark.ts';
import { formatConfidence, formatNumber } from './rig/format.ts';
import { vdsotop } from './rig/paths.ts';
import { cpuNsOfThreads } from './rig/process-cost.ts';
import { type Screen, startScreen } from './rig/screen.ts';
import { bootstrap, mean } from './rig/statistics.ts';

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
      const rounds = quick ? 3 : 20;
      for (let round = 1; round <= rounds; round += 1) {
        pairs.push(await measurePair(screen, round % 2 === 0));
        const last = pairs.at(-1);
        progress(`round ${round} of ${rounds}: ${percent(last?.recording)} recording, ${percent(last?.not)} not`);
      }
      return outcome(pairs, bytesPerSecond(folder, pairs.length));
    } finally {
      screen.send('q');
      await Promise.race([screen.ended, sleep(3_000)]);
      screen.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** One stretch each, in either order; R begins and ends the recording. */
async function measurePair(screen: Screen, recordingFirst: boolean): Promise<Pair> {
  const recorded = async () => {
    screen.send('R');
    await sleep(settleMs);
    const share = await coreShare(screen.pid);
    screen.send('R');
    await sleep(settleMs);
    return share;
  };
  if (recordingFirst) return { recording: await recorded(), not: await coreShare(screen.pid) };
  const not = await coreShare(screen.pid);
  return { not, recording: await recorded() };
}

async function coreShare(pid: number): Promise<number> {
  const startedMs = performance.now();
  const before = cpuNsOfThreads(pid);
  await sleep(stretchMs);
  return (cpuNsOfThreads(pid) - before) / 1e6 / (performance.now() - startedMs);
}

/** Throws where a recording is missing: then nothing was measured. */
function bytesPerSecond(folder: string, recordings: number): number {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ndjson.gz'));
  if (files.length !== recordings) throw new Error(`${recordings} recordings were asked for, ${files.length} made`);
  const last = statSync(join(folder, files.sort().at(-1) ?? '')).size;
  return last / (60 + (stretchMs + settleMs) / 1_000);
}

function outcome(pairs: readonly Pair[], bytes: number): Outcome {
  const added = bootstrap(pairs.map(({ recording, not }) => recording - not));
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
        figure: `${formatNumber(bytes / 1024)} KiB/s in gzip`,
        spread: '',
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
