import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome, Row } from './rig/benchmark.ts';
import { bundleProgram } from './rig/bundle.ts';
import { type Child, startChild } from './rig/child.ts';
import { formatConfidence, formatNumber } from './rig/format.ts';
import { nodeFlags } from './rig/node-flags.ts';
import { nativeLibraryPath } from './rig/paths.ts';
import { bootstrap, mean, median, trimmedMean } from './rig/statistics.ts';
import { type LoopRun, startTimedLoop, type TimedLoop } from './rig/timed-loop.ts';

const mostSlowdown = 0.005;
const runMs = 1_000;
/** After the second of attaching: the facts that are read once are in, and the samples have come down to their rhythm. */
const settleMs = 1_500;
const loopCpu = 1;

type State = 'on' | 'off';
type Pair = Readonly<Record<State, LoopRun>>;

export const vdsoLoop: Benchmark = {
  name: 'vdso-loop',
  title: 'What being watched costs a loop that reads its clock in the vDSO',
  async run({ quick, progress }) {
    const loop = await startTimedLoop(loopCpu);
    const program = await bundleProgram('vdso-loop/watch-on-command.tsx');
    const env = { ...process.env, VDSOTOP_NATIVE: nativeLibraryPath, FORCE_COLOR: '3' };
    const watcher = await startChild(process.execPath, [...nodeFlags(), program, String(loop.pid)], { env });
    const pairs: Pair[] = [];
    const attaching: Pair[] = [];
    const count = quick ? 20 : 240;
    while (pairs.length < count) {
      const first = await runUnwatched(loop, watcher);
      const attach = await runAttaching(loop, watcher);
      attaching.push({ on: attach, off: first });
      pairs.push({ on: await runLoop(loop), off: first });
      // Every pair begins as the one before ended (ABBA), so that a drift takes both sides.
      const on = await runLoop(loop);
      pairs.push({ on, off: await runUnwatched(loop, watcher) });
      if (pairs.length % 20 === 0) progress(`${pairs.length} of ${count} pairs: ${describe(pairs)}`);
    }
    // Detached, it has no handler for SIGTERM.
    await watcher.end();
    await loop.end();
    return outcome(pairs, attaching);
  },
};

async function runUnwatched(loop: TimedLoop, watcher: Child): Promise<LoopRun> {
  await watcher.ask('off');
  return runLoop(loop);
}

/** From the moment in which vdsotop begins to attach. */
async function runAttaching(loop: TimedLoop, watcher: Child): Promise<LoopRun> {
  const [run] = await Promise.all([loop.runFor(runMs, 'libc'), watcher.ask('on')]);
  await sleep(settleMs);
  return run;
}

/** With whatever state the watcher is in. */
async function runLoop(loop: TimedLoop): Promise<LoopRun> {
  // Every run begins with a processor that has been asleep for as long.
  await sleep(20);
  return loop.runFor(runMs, 'libc');
}

const wallCost = ({ perCallNs }: LoopRun) => perCallNs;
const cpuCost = ({ cpuNs, calls }: LoopRun) => cpuNs / calls;
const offCpuPart = ({ cpuNs, wallNs }: LoopRun) => 1 - cpuNs / wallNs;

/** In percent. */
function slowdowns(pairs: readonly Pair[], cost: (run: LoopRun) => number): readonly number[] {
  return pairs.map(({ on, off }) => (cost(on) / cost(off) - 1) * 100);
}

function describe(pairs: readonly Pair[]): string {
  return `slower by ${formatNumber(trimmedMean(slowdowns(pairs, wallCost)))} %`;
}

function outcome(pairs: readonly Pair[], attaching: readonly Pair[]): Outcome {
  const wall = slowdowns(pairs, wallCost);
  const keptOff = pairs.map(({ on, off }) => (offCpuPart(on) - offCpuPart(off)) * 100);
  const bound = bootstrap(wall, trimmedMean);
  const aloneNs = median(pairs.map(({ off }) => off.perCallNs));
  const peer = `the same loop unwatched, ${formatNumber(aloneNs)} ns a call`;
  const stated = (what: string, values: readonly number[], statistic: typeof mean): Row => {
    const estimate = bootstrap(values, statistic);
    const spread = formatConfidence(estimate, ' %', `${values.length} pairs`);
    return { what, figure: `${formatNumber(estimate.value)} %`, spread, peer, bound: '', met: undefined };
  };
  return {
    how: [
      `A loop of clock_gettime(CLOCK_MONOTONIC) through libc, kept on CPU ${loopCpu}, runs for ${runMs} ms watched and ${runMs} ms unwatched, ${pairs.length} times, in the order ABBA. The watcher is the whole program (session, counters, breakpoint witness, sampler, screen of 120 × 40 on a terminal that discards it) in one process that attaches and detaches in between. The second in which it attaches stands by itself; the watched runs begin ${settleMs / 1_000} s later.`,
      'Slower means: time a call watched ÷ unwatched of the same pair − 1. Intervals are by bootstrap over the pairs. Whatever else is done on the host and its neighbours makes some pairs differ by 20 % either way: the bound is on the mean of the pairs without the tenth at either end, and the mean of all is beside it.',
    ],
    rows: [
      {
        ...stated('slower by, in wall time, the tenth of the pairs at either end left out', wall, trimmedMean),
        bound: `interval below ${formatNumber(mostSlowdown * 100)} %`,
        met: bound.high < mostSlowdown * 100,
      },
      stated('the same, mean of all pairs', wall, mean),
      stated('slower by, in CPU time of the loop, as the first', slowdowns(pairs, cpuCost), trimmedMean),
      stated('longer kept off its CPU, part of the time, mean of all pairs', keptOff, mean),
      stated('slower by in the second in which vdsotop attaches', slowdowns(attaching, wallCost), mean),
    ],
    notes: [],
    raw: {
      'watched, ns a call': pairs.map(({ on }) => on.perCallNs),
      'unwatched, ns a call': pairs.map(({ off }) => off.perCallNs),
      'watched, CPU ns a call': pairs.map(({ on }) => cpuCost(on)),
      'unwatched, CPU ns a call': pairs.map(({ off }) => cpuCost(off)),
      'while attaching, ns a call': attaching.map(({ on }) => on.perCallNs),
    },
  };
}
