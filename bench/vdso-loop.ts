import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome } from './rig/benchmark.ts';
import { bundleProgram } from './rig/bundle.ts';
import { type Child, startChild } from './rig/child.ts';
import { formatConfidence, formatNumber } from './rig/format.ts';
import { nativeLibraryPath } from './rig/paths.ts';
import { bootstrap, mean, median } from './rig/statistics.ts';
import { type LoopRun, startTimedLoop, type TimedLoop } from './rig/timed-loop.ts';

const mostSlowdown = 0.005;
const runMs = 1_000;
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
    const watcher = await startChild(process.execPath, ['--no-deprecation', program, String(loop.pid)], { env });
    const pairs: Pair[] = [];
    const count = quick ? 20 : 110;
    while (pairs.length < count) {
      pairs.push(await runPair(loop, watcher, pairs.length % 2 === 0 ? ['on', 'off'] : ['off', 'on']));
      if (pairs.length % 20 === 0) progress(`${pairs.length} of ${count} pairs: ${describe(pairs)}`);
    }
    // Detached, it has no handler for SIGTERM.
    await watcher.ask('off');
    await watcher.end();
    await loop.end();
    return outcome(pairs);
  },
};

/** One run watched and one not; every pair begins as the one before ended (ABBA), so that a drift takes both sides. */
async function runPair(loop: TimedLoop, watcher: Child, order: readonly State[]): Promise<Pair> {
  const runs: Partial<Record<State, LoopRun>> = {};
  for (const state of order) {
    await watcher.ask(state);
    // Both runs begin with a processor that has been asleep for as long.
    await sleep(20);
    runs[state] = await loop.runFor(runMs, 'libc');
  }
  return runs as Pair;
}

function slowdowns(pairs: readonly Pair[], cost: (run: LoopRun) => number): readonly number[] {
  return pairs.map(({ on, off }) => cost(on) / cost(off) - 1);
}

const wallCost = ({ perCallNs }: LoopRun) => perCallNs;
const cpuCost = ({ cpuNs, calls }: LoopRun) => cpuNs / calls;

function describe(pairs: readonly Pair[]): string {
  return `slower by ${formatNumber(mean(slowdowns(pairs, wallCost)) * 100)} %`;
}

function outcome(pairs: readonly Pair[]): Outcome {
  const wall = bootstrap(slowdowns(pairs, wallCost).map((share) => share * 100));
  const cpu = bootstrap(slowdowns(pairs, cpuCost).map((share) => share * 100));
  const aloneNs = median(pairs.map(({ off }) => off.perCallNs));
  const count = `${pairs.length} pairs`;
  const row = { peer: `the same loop unwatched, ${formatNumber(aloneNs)} ns a call` };
  return {
    how: [
      `A loop of clock_gettime(CLOCK_MONOTONIC) through libc, kept on CPU ${loopCpu}, runs for ${runMs} ms watched and ${runMs} ms unwatched, ${pairs.length} times, in the order ABBA. The watcher is the whole program (session, counters, breakpoint witness, sampler, screen of 120 × 40 on a terminal that discards it) in one process that attaches and detaches between the runs, its first second, with its faster samples, counted in.`,
      'Slower means: time a call watched ÷ unwatched of the same pair − 1. The interval is of the mean over the pairs, by bootstrap.',
    ],
    rows: [
      {
        ...row,
        what: 'slower by, in wall time (whatever keeps the loop from its CPU counted in)',
        figure: `${formatNumber(wall.value)} %`,
        spread: formatConfidence(wall, ' %', count),
        bound: `interval below ${formatNumber(mostSlowdown * 100)} %`,
        met: wall.high < mostSlowdown * 100,
      },
      {
        ...row,
        what: 'slower by, in CPU time of the loop',
        figure: `${formatNumber(cpu.value)} %`,
        spread: formatConfidence(cpu, ' %', count),
        bound: '',
        met: undefined,
      },
    ],
    notes: [],
    raw: {
      'watched, ns a call': pairs.map(({ on }) => on.perCallNs),
      'unwatched, ns a call': pairs.map(({ off }) => off.perCallNs),
      'watched, CPU ns a call': pairs.map(({ on }) => cpuCost(on)),
      'unwatched, CPU ns a call': pairs.map(({ off }) => cpuCost(off)),
    },
  };
}
