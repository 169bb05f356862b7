import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSampler, type Sampler } from '../src/collect/prices/sampler.ts';
import type { TimedPath, TimingSample } from '../src/model/prices.ts';
import type { Benchmark, BenchmarkContext, Outcome, Row } from './rig/benchmark.ts';
import { type Child, startChild } from './rig/child.ts';
import { formatNumber } from './rig/format.ts';
import { nodeFlags } from './rig/node-flags.ts';
import { root } from './rig/paths.ts';
import { median, quantile } from './rig/statistics.ts';
import { startTimedLoop, type TimedLoop } from './rig/timed-loop.ts';

/** CPUs of one host differ in speed: by turns, and with what else they do. */
const bothOnCpu = 1;
const processes = 16;
/** The clocks that every kernel answers; those of alarms need hardware that virtual machines lack. */
const clockIds = [0, 1, 2, 3, 4, 5, 6, 7, 11];
const paths = ['libc', 'vdso', 'syscall'] as const;
const combinations = clockIds.flatMap((clockId) => paths.map((path) => ({ clockId, path })));

const mostShare = 0.03;
const mostCoreShare = 0.003;
const defaultIntervalMs = 500;

/** Per-call nanoseconds of every batch, by 'clock path'. */
type Prices = ReadonlyMap<string, readonly number[]>;

interface Comparison {
  readonly clockId: number;
  readonly path: TimedPath;
  readonly samplerNs: number;
  readonly loopNs: number;
}

export const samplerPrices: Benchmark = {
  name: 'sampler-prices',
  title: 'The prices of the sampler beside a plain C loop',
  async run({ quick, progress }) {
    const rounds = quick ? 10 : 60;
    const prices = await comparePrices(rounds, progress);
    const shares = await measureOwnShare(quick ? 8_000 : 30_000);
    progress(`the sampler's own share: ${formatNumber(shares.reported * 100)} % of a core`);
    return outcome(prices, shares, rounds);
  },
};

/**
 * Rounds of the sampler and of the C program take turns, so that both see the same machine. Both begin anew several times:
 * where a process happens to lie decides over a cycle of a call, which is 7 % of a coarse clock.
 */
async function comparePrices(rounds: number, progress: BenchmarkContext['progress']) {
  const sampled: TimingSample[] = [];
  const looped = new Map<string, number[]>();
  for (let process = 1; process <= processes; process += 1) {
    const sampler = await startSampler(bothOnCpu);
    const loop = await startTimedLoop({ cpu: bothOnCpu, asLibrary: true });
    for (let round = 0; round < rounds; round += 1) {
      const newest: readonly TimingSample[] = JSON.parse(await sampler.ask('round'));
      sampled.push(...newest);
      await runLoops(loop, newest, looped);
    }
    await sampler.end();
    await loop.end();
    progress(`process ${process} of ${processes}: ${rounds} rounds of prices`);
  }
  return { sampled: batchesOf(sampled), looped };
}

async function startSampler(cpu: number): Promise<Child> {
  const program = join(root, 'bench/sampler-prices/price-on-command.ts');
  return startChild('taskset', ['-c', String(cpu), process.execPath, ...nodeFlags(), program]);
}

/** A loop for everything that the sampler could time; all at once, so that the program runs on as the sampler does. */
async function runLoops(
  loop: TimedLoop,
  samples: readonly TimingSample[],
  looped: Map<string, number[]>,
): Promise<void> {
  await Promise.all(
    combinations.map(async ({ clockId, path }) => {
      const calls = batchLength(samples, clockId, path);
      if (calls === undefined) return;
      const [turns, run] = await Promise.all([loop.runTimes(calls, 'nothing'), loop.runTimes(calls, path, clockId)]);
      const key = `${clockId} ${path}`;
      looped.set(key, [...(looped.get(key) ?? []), run.perCallNs - turns.perCallNs]);
    }),
  );
}

function batchesOf(samples: readonly TimingSample[]): Prices {
  const clocks = samples.filter(({ call }) => call === 'clock_gettime');
  const groups = Map.groupBy(clocks, ({ clockId, path }) => `${clockId} ${path}`);
  return new Map([...groups].map(([key, group]) => [key, group.flatMap(({ perCallNs }) => perCallNs)]));
}

/** As many calls as the sampler's own batches have; undefined where it could not time that. */
function batchLength(samples: readonly TimingSample[], clockId: number, path: TimedPath): number | undefined {
  return samples.findLast((sample) => sample.clockId === clockId && sample.path === path)?.callsPerBatch;
}

interface OwnShare {
  /** By its own account. */
  readonly reported: number;
  /** By the kernel's: the run time of the threads that the timing loops run on. */
  readonly workers: number;
}

/** As the live session does: a part of the rotation at every interval, within the default budget. */
async function measureOwnShare(lengthMs: number): Promise<OwnShare> {
  const sampler: Sampler = createSampler();
  await sampler.sample(false);
  const startedMs = performance.now();
  const before = { spentNs: sampler.spentNs(), workersNs: workerThreadsNs() };
  while (performance.now() - startedMs < lengthMs) {
    await sleep(defaultIntervalMs);
    await sampler.sample(false);
  }
  const ns = (performance.now() - startedMs) * 1e6;
  return { reported: (sampler.spentNs() - before.spentNs) / ns, workers: (workerThreadsNs() - before.workersNs) / ns };
}

/** libuv names its pool of threads so; schedstat begins with nanoseconds on the CPU (Documentation/scheduler/sched-stats.rst). */
function workerThreadsNs(): number {
  return readdirSync('/proc/self/task')
    .filter((tid) => /libuv-worker/.test(readFileSync(`/proc/self/task/${tid}/comm`, 'utf8')))
    .reduce((sum, tid) => sum + Number(readFileSync(`/proc/self/task/${tid}/schedstat`, 'utf8').split(' ')[0]), 0);
}

function outcome(prices: { sampled: Prices; looped: Prices }, shares: OwnShare, rounds: number): Outcome {
  const comparisons = combinations.flatMap(({ clockId, path }) => {
    const sampled = prices.sampled.get(`${clockId} ${path}`);
    const looped = prices.looped.get(`${clockId} ${path}`);
    return sampled === undefined || looped === undefined
      ? []
      : [{ clockId, path, samplerNs: median(sampled), loopNs: median(looped) }];
  });
  return {
    how: [
      `The sampler prices every clock on every path as it does before it attaches, on CPU ${bothOnCpu}, and there too a C program (test/programs/timed-loop.c) runs a plain loop of as many calls for each, warmed up by a quarter of them, in a shared object as the sampler is (called from where programs lie, a coarse clock takes 1.1 ns more on an AMD EPYC; the others do not differ); they take turns ${rounds} times, and both begin anew as new processes ${processes} times. Both take off what as many turns of an empty loop take, timed right before. The p50 of the batches of each is compared.`,
      `The sampler's own share: it samples every ${defaultIntervalMs} ms within its default budget, as in a live session; its own account of CPU time stands beside the kernel's for the threads it runs on.`,
    ],
    rows: [...paths.map((path) => worstRow(comparisons, path)), shareRow(shares)],
    notes: comparisons.map(sentence),
    raw: Object.fromEntries(
      comparisons.flatMap(({ clockId, path }) => [
        [`clock ${clockId} by ${path}, sampler, ns`, deciles(prices.sampled.get(`${clockId} ${path}`))],
        [`clock ${clockId} by ${path}, C loop, ns`, deciles(prices.looped.get(`${clockId} ${path}`))],
      ]),
    ),
  };
}

const differenceShare = ({ samplerNs, loopNs }: Comparison) => samplerNs / loopNs - 1;

function worstRow(comparisons: readonly Comparison[], path: TimedPath): Row {
  const shares = comparisons.filter((one) => one.path === path).map(differenceShare);
  const worst = Math.max(...shares.map(Math.abs));
  return {
    what: `p50 of a clock by ${path}, sampler less C loop: the farthest of ${shares.length} clocks`,
    figure: `${formatNumber(worst * 100)} %`,
    spread: `${formatNumber(Math.min(...shares) * 100)} to ${formatNumber(Math.max(...shares) * 100)} % over the clocks`,
    peer: 'a plain C loop',
    bound: `≤ ${formatNumber(mostShare * 100)} %`,
    met: worst <= mostShare,
  };
}

function shareRow({ reported, workers }: OwnShare): Row {
  return {
    what: 'part of a core that sampling takes',
    figure: `${formatNumber(reported * 100)} %`,
    spread: `by the kernel's account of its thread ${formatNumber(workers * 100)} %`,
    peer: '',
    bound: `≤ ${formatNumber(mostCoreShare * 100)} %`,
    met: Math.max(reported, workers) <= mostCoreShare,
  };
}

function sentence({ clockId, path, samplerNs, loopNs }: Comparison): string {
  return `Clock ${clockId} by ${path}: sampler ${formatNumber(samplerNs)} ns, C loop ${formatNumber(loopNs)} ns.`;
}

function deciles(values: readonly number[] = []): readonly number[] {
  return Array.from({ length: 11 }, (_, index) => quantile(values, index / 10));
}
