import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome, Row } from './rig/benchmark.ts';
import { bundleProgram } from './rig/bundle.ts';
import { type Child, startChild } from './rig/child.ts';
import { formatConfidence, formatNumber } from './rig/format.ts';
import { nodeFlags } from './rig/node-flags.ts';
import { nativeLibraryPath } from './rig/paths.ts';
import { bootstrap, mean, median, trimmedMean } from './rig/statistics.ts';
import { startTwinnedLoop, type TwinnedLoop, type TwinnedRun } from './rig/twinned-loop.ts';

const mostSlowdown = 0.005;
const runMs = 1_000;
/** After the second of attaching, the loop still running: by then what breakpoints leave of the budget is known. */
const settleMs = 7_000;
/** Watched ones follow each other twice as often, so that attaching is not most of the time. */
const runsInARow = 4;
const loopCpu = 1;

type State = 'on' | 'off';
type Pair = Readonly<Record<State, TwinnedRun>>;

export const vdsoLoop: Benchmark = {
  name: 'vdso-loop',
  title: 'What being watched costs a loop that reads its clock in the vDSO',
  async run({ quick, progress }) {
    const loop = await startTwinnedLoop(loopCpu);
    const program = await bundleProgram('vdso-loop/watch-on-command.tsx');
    const env = { ...process.env, VDSOTOP_NATIVE: nativeLibraryPath, FORCE_COLOR: '3' };
    const watcher = await startChild(process.execPath, [...nodeFlags(), program, String(loop.pid)], { env });
    const pairs: Pair[] = [];
    const attaching: Pair[] = [];
    const count = quick ? 24 : 480;
    while (pairs.length < count) {
      await watcher.ask('off');
      const before = await runLoop(loop);
      const attach = await runAttaching(loop, watcher);
      attaching.push({ on: attach, off: before.at(-1) ?? attach });
      const on = [...(await runLoop(loop)), ...(await runLoop(loop))];
      await watcher.ask('off');
      const after = await runLoop(loop);
      // Half of the pairs begin unwatched, so that a drift takes both sides.
      for (const [at, off] of [...before, ...after].entries()) pairs.push({ on: on[at] ?? attach, off });
      progress(`${pairs.length} of ${count} pairs: ${describe(pairs)}`);
    }
    // Detached, it has no handler for SIGTERM.
    await watcher.end();
    await loop.end();
    return outcome(pairs, attaching);
  },
};

/** From the moment in which vdsotop begins to attach. */
async function runAttaching(loop: TwinnedLoop, watcher: Child): Promise<TwinnedRun> {
  const [run] = await Promise.all([loop.runFor(runMs), watcher.ask('on')]);
  await loop.runFor(settleMs);
  return run;
}

/** With whatever state the watcher is in. */
async function runLoop(loop: TwinnedLoop): Promise<readonly TwinnedRun[]> {
  const runs: TwinnedRun[] = [];
  while (runs.length < runsInARow) {
    // Every run begins with a processor that has been asleep for as long.
    await sleep(20);
    runs.push(await loop.runFor(runMs));
  }
  return runs;
}

type Cost = (run: TwinnedRun) => number;

const rawCost: Cost = ({ perCallNs }) => perCallNs;
const rawCpuCost: Cost = ({ cpuNs, calls }) => cpuNs / calls;
const twinCost: Cost = ({ twinNs }) => twinNs ?? Number.NaN;
const offCpuPart: Cost = ({ cpuNs, wallNs }) => 1 - cpuNs / wallNs;

/** In calls of the twin, in which the machine's speed cancels out; where there is no twin, as it is. */
function beside(cost: Cost): Cost {
  return (run) => cost(run) / (run.twinNs ?? 1);
}

const wallCost = beside(rawCost);
const cpuCost = beside(rawCpuCost);

/** In percent. */
function slowdowns(pairs: readonly Pair[], cost: Cost): readonly number[] {
  return pairs.map(({ on, off }) => (cost(on) / cost(off) - 1) * 100);
}

function describe(pairs: readonly Pair[]): string {
  return `slower by ${formatNumber(trimmedMean(slowdowns(pairs, wallCost)))} %`;
}

function outcome(pairs: readonly Pair[], attaching: readonly Pair[]): Outcome {
  const hasTwin = pairs.every(({ on, off }) => on.twinNs !== undefined && off.twinNs !== undefined);
  return {
    how: [
      `A loop of clock_gettime(CLOCK_MONOTONIC) through libc, kept on CPU ${loopCpu}, runs for ${runMs} ms watched and ${runMs} ms unwatched, ${pairs.length} times: ${runsInARow} unwatched, ${2 * runsInARow} watched, ${runsInARow} unwatched, and so on. The watcher is the whole program (session, counters, breakpoint witness, sampler, screen of 120 × 40 on a terminal that discards it) in one process that attaches and detaches in between. The second in which it attaches stands by itself; the watched runs begin ${settleMs / 1_000} s later, in which the loop goes on.`,
      hasTwin
        ? howWithTwin
        : 'There is no twin of clock_gettime for this architecture: the speed of the machine is left in.',
      'Slower means: watched ÷ unwatched of the same pair − 1. Intervals are by bootstrap over the pairs. Whatever else is done on the host and its neighbours makes some pairs differ by 20 % either way: the bound is on the mean of the pairs without the tenth at either end, and the mean of all is beside it.',
    ],
    rows: rows(pairs, attaching, hasTwin),
    notes: [],
    raw: {
      'watched, ns a call': pairs.map(({ on }) => rawCost(on)),
      'unwatched, ns a call': pairs.map(({ off }) => rawCost(off)),
      'watched, CPU ns a call': pairs.map(({ on }) => rawCpuCost(on)),
      'unwatched, CPU ns a call': pairs.map(({ off }) => rawCpuCost(off)),
      'while attaching, ns a call': attaching.map(({ on }) => rawCost(on)),
      ...(hasTwin && {
        'watched, ns a call of the twin': pairs.map(({ on }) => twinCost(on)),
        'unwatched, ns a call of the twin': pairs.map(({ off }) => twinCost(off)),
        'while attaching, ns a call of the twin': attaching.map(({ on }) => twinCost(on)),
      }),
    },
  };
}

const howWithTwin =
  'The machine itself is faster and slower by some percent from one second to the next. So a twin runs between the calls for a ninth of the time, a function of the program that does the same work on a page of its own and that nothing watches, and the time a call is divided by that of the twin in the middle half of its batches. What interrupts the loop now and then is not in that half and stays in the figure; what makes everything slower at once is taken out, and how much that was stands in a row of its own.';

function rows(pairs: readonly Pair[], attaching: readonly Pair[], hasTwin: boolean): readonly Row[] {
  const alone = (cost: Cost) => formatNumber(median(pairs.map(({ off }) => cost(off))));
  const peer = `the same loop unwatched, ${alone(rawCost)} ns a call`;
  const stated = (what: string, values: readonly number[], statistic: typeof mean): Row => {
    const estimate = bootstrap(values, statistic);
    const spread = formatConfidence(estimate, ' %', `${values.length} pairs`);
    return { what, figure: `${formatNumber(estimate.value)} %`, spread, peer, bound: '', met: undefined };
  };
  const wall = slowdowns(pairs, wallCost);
  const keptOff = pairs.map(({ on, off }) => (offCpuPart(on) - offCpuPart(off)) * 100);
  return [
    {
      ...stated('slower by, in wall time, the tenth of the pairs at either end left out', wall, trimmedMean),
      bound: `interval below ${formatNumber(mostSlowdown * 100)} %`,
      met: bootstrap(wall, trimmedMean).high < mostSlowdown * 100,
    },
    stated('the same, mean of all pairs', wall, mean),
    stated('slower by, in CPU time of the loop, as the first', slowdowns(pairs, cpuCost), trimmedMean),
    ...(hasTwin
      ? [
          stated('slower by, as the first, not divided by the twin', slowdowns(pairs, rawCost), trimmedMean),
          {
            ...stated('the twin itself slower by, as the first', slowdowns(pairs, twinCost), trimmedMean),
            peer: `the twin unwatched, ${alone(twinCost)} ns a call`,
          },
        ]
      : []),
    stated('longer kept off its CPU, part of the time, mean of all pairs', keptOff, mean),
    stated('slower by in the second in which vdsotop attaches', slowdowns(attaching, wallCost), mean),
  ];
}
