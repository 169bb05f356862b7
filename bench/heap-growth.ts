import type { Benchmark, Outcome } from './rig/benchmark.ts';
import { bundleProgram } from './rig/bundle.ts';
import { startChild } from './rig/child.ts';
import { formatNumber } from './rig/format.ts';

/** A session keeps ten minutes of samples: its heap grows until it has 1,200 of them. */
const warmUpFrames = 2_000;
const every = 1_000;
const mostGrowthMiB = 5;
const mib = 2 ** 20;

interface Moment {
  readonly painted: number;
  /** After a collection. */
  readonly heapUsed: number;
  readonly external: number;
  readonly bytes: number;
}

export const heapGrowth: Benchmark = {
  name: 'heap-growth',
  title: 'What twenty thousand frames leave behind',
  async run({ quick, progress }) {
    const frames = quick ? 4_000 : 20_000;
    const program = await bundleProgram('heap-growth/feed-frames.tsx');
    const args = ['--expose-gc', program, String(warmUpFrames + frames), String(every)];
    const child = await startChild(process.execPath, args, { env: { ...process.env, FORCE_COLOR: '3' } });
    const moments: Moment[] = [];
    const startedMs = performance.now();
    while (moments.at(-1)?.painted !== warmUpFrames + frames) {
      moments.push(JSON.parse(await child.line()));
      if (moments.length % 5 === 0) progress(describe(moments));
    }
    const seconds = (performance.now() - startedMs) / 1_000;
    await child.end();
    return outcome(moments, frames, seconds);
  },
};

function describe(moments: readonly Moment[]): string {
  const last = moments.at(-1);
  return `${last?.painted} frames, heap ${formatNumber((last?.heapUsed ?? Number.NaN) / mib)} MiB`;
}

function outcome(moments: readonly Moment[], frames: number, seconds: number): Outcome {
  const warm = moments.filter(({ painted }) => painted >= warmUpFrames);
  const heapMiB = warm.map(({ heapUsed }) => heapUsed / mib);
  const growthMiB = (heapMiB.at(-1) ?? Number.NaN) - (heapMiB[0] ?? Number.NaN);
  const externalMiB = warm.map(({ external }) => external / mib);
  const all = (moments.at(-1)?.painted ?? Number.NaN) + 1;
  return {
    how: [
      `The real screen on a terminal of 120 × 40 that discards what it is given is fed ${frames.toLocaleString('en-US')} frames, each as soon as the one before is painted, every one made by the real judgement of samples in which every number moves; before that ${warmUpFrames.toLocaleString('en-US')} more, which also fill the ten minutes of samples that a session keeps. The heap is read after a full collection, every ${every.toLocaleString('en-US')} frames.`,
    ],
    rows: [
      {
        what: `growth of the heap over ${frames.toLocaleString('en-US')} frames`,
        figure: `${formatNumber(growthMiB)} MiB`,
        spread: `between ${formatNumber(Math.min(...heapMiB))} and ${formatNumber(Math.max(...heapMiB))} MiB at ${heapMiB.length} moments`,
        peer: 'its own heap when warmed up',
        bound: `< ${mostGrowthMiB} MiB`,
        met: growthMiB < mostGrowthMiB,
      },
      {
        what: 'growth outside the heap (buffers)',
        figure: `${formatNumber((externalMiB.at(-1) ?? Number.NaN) - (externalMiB[0] ?? Number.NaN))} MiB`,
        spread: `between ${formatNumber(Math.min(...externalMiB))} and ${formatNumber(Math.max(...externalMiB))} MiB`,
        peer: '',
        bound: '',
        met: undefined,
      },
      {
        what: 'one frame: made, judged, laid out and written',
        figure: `${formatNumber((seconds * 1_000) / all)} ms`,
        spread: `mean of ${all.toLocaleString('en-US')}, ${formatNumber((moments.at(-1)?.bytes ?? Number.NaN) / all)} bytes each`,
        peer: '',
        bound: '',
        met: undefined,
      },
    ],
    notes: [],
    raw: {
      'frames painted': moments.map(({ painted }) => painted),
      'heap, MiB': moments.map(({ heapUsed }) => heapUsed / mib),
      'external, MiB': moments.map(({ external }) => external / mib),
    },
  };
}
