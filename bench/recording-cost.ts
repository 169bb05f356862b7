import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome } from './rig/benchmark.ts';
import { bundleProgram } from './rig/bundle.ts';
import { startChild } from './rig/child.ts';
import { formatConfidence, formatNumber, formatRange } from './rig/format.ts';
import { nodeFlags } from './rig/node-flags.ts';
import { root } from './rig/paths.ts';
import { cpuNsOfThreads } from './rig/process-cost.ts';
import type { Screen } from './rig/screen.ts';
import { bootstrap, type Estimate, mean, medianAndRange } from './rig/statistics.ts';
import { withDemo } from './rig/with-demo.ts';

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
  run: ({ quick, progress }) =>
    withDemo([], async (screen, folder) => {
      const pairs: Pair[] = [];
      await sleep(warmUpMs);
      const rounds = quick ? 3 : 16;
      for (let round = 1; round <= rounds; round += 1) {
        pairs.push(await measurePair(screen, folder, round % 2 === 0));
        const last = pairs.at(-1);
        progress(`round ${round} of ${rounds}: ${percent(last?.recording)} recording, ${percent(last?.not)} not`);
      }
      return outcome(pairs, await recordAlone(folder, quick ? 5 : 40));
    }),
};

/** Milliseconds of CPU for a record, without screen and probes, in a process that runs as vdsotop does. */
async function recordAlone(folder: string, rounds: number): Promise<readonly number[]> {
  const program = await bundleProgram('recording-cost/record-alone.ts');
  const recording = join(root, 'test/fixtures/capsules/demo.ndjson.gz');
  const args = [...nodeFlags(), program, recording, join(folder, 'alone.ndjson.gz'), String(rounds)];
  const child = await startChild(process.execPath, args);
  const costs: number[] = [];
  while (costs.length < rounds) costs.push(JSON.parse(await child.line()));
  await child.end();
  return costs;
}

const recordsPerSecond = 2;

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

function outcome(pairs: readonly Pair[], recordMs: readonly number[]): Outcome {
  const added = bootstrap(pairs.map(({ recording, not }) => recording - not));
  const kibPerSecond = pairs.map(({ bytesPerSecond }) => bytesPerSecond / 1_024);
  const alone = bootstrap(recordMs.map((ms) => (ms * recordsPerSecond) / 1_000));
  return {
    how: [
      `\`vdsotop demo\` on a pseudo-terminal of 120 × 40 at its default rate of 2 Hz. R begins and ends a recording in gzip; in ${pairs.length} pairs, stretches of ${stretchMs / 1_000} s with and without one follow each other in changing order. CPU time is that of /proc/PID/task/*/schedstat; what beginning and ending cost is not in it.`,
      `The records alone: the snapshots of test/fixtures/capsules/demo.ndjson.gz redacted, encoded, hashed, compressed and written in a process with the flags of bin/vdsotop, less the same waits without them.`,
    ],
    rows: [
      {
        what: 'CPU that recording adds',
        figure: `${percent(added.value)} of a core`,
        spread: formatConfidence(scaledBy100(added), ' %', `${pairs.length} pairs`),
        peer: `without it ${percent(mean(pairs.map(({ not }) => not)))} of a core`,
        bound: `≤ ${percent(mostCoreShare)}`,
        met: added.value <= mostCoreShare,
      },
      {
        what: 'CPU of the records alone, two a second',
        figure: `${percent(alone.value)} of a core`,
        spread: formatConfidence(scaledBy100(alone), ' %', `${recordMs.length} rounds`),
        peer: '',
        bound: `≤ ${percent(mostCoreShare)}`,
        met: alone.high <= mostCoreShare,
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

function scaledBy100({ value, low, high }: Estimate): Estimate {
  return { value: value * 100, low: low * 100, high: high * 100 };
}

function percent(share: number | undefined): string {
  return `${formatNumber((share ?? Number.NaN) * 100)} %`;
}
