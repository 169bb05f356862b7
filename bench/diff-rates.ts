import { compareWatches } from '../src/analysis/diff/compare-watches.ts';
import type { Watch } from '../src/analysis/diff/watch.ts';
import { watchOf } from '../src/analysis/diff/watch-of.ts';
import { poissonInterval, shareInterval } from '../src/analysis/statistics.ts';
import type { Difference, NumberChange } from '../src/model/difference.ts';
import { calibratedTurns } from './diff-rates/calibrated-turns.ts';
import {
  buildSlowerLibrary,
  capture,
  hasCapture,
  nameOf,
  readCapture,
  rememberedTurns,
  type Variant,
} from './diff-rates/captures.ts';
import type { Benchmark, BenchmarkContext, Outcome } from './rig/benchmark.ts';
import { startChild } from './rig/child.ts';
import { formatNumber } from './rig/format.ts';
import { root } from './rig/paths.ts';
import { median } from './rig/statistics.ts';

/** A machine is not held for longer than this: what is missing comes with the next run. */
const mostMs = 7 * 60_000;
const captureMs = 10_000;
const wanted = { plain: 101, slower: 51 };
/** Each plain capture against the next three, each slower one against the four plain ones taken about it. */
const samePairs = 200;
const bounds = { falseShare: 0.02, foundShare: 0.95 };

/** How often `diff` calls something changed that is not, and how often it finds a clock that is a tenth slower. */
export const diffRates: Benchmark = {
  name: 'diff-rates',
  title: 'A difference: noise that is called a change, and a slower clock that is found',
  async run(context) {
    const turns = await collect(context);
    const plain = watchesOf('plain');
    const slower = watchesOf('slower');
    if (plain.length < 3 || slower.length === 0) throw new Error('too few captures yet: run it again');
    return outcomeOf(plain, slower, turns);
  },
};

/** Captures are taken in turns, so that both kinds meet the same hours. Answers the length of the spin. */
async function collect({ quick, progress }: BenchmarkContext): Promise<number> {
  const library = buildSlowerLibrary();
  const turns = await rememberedTurns(() => calibratedTurns(library));
  progress(`the slower clock waits for ${turns} multiplications`);
  const target = await startChild(`${root}/dist/vdsotop-demo`);
  const deadline = performance.now() + (quick ? 60_000 : mostMs);
  const takeOne = async (variant: Variant, index: number) => {
    const name = nameOf(variant, index);
    if (index >= wanted[variant] || hasCapture(name) || performance.now() > deadline) return;
    await capture(target.pid, captureMs, name, library, variant === 'slower' ? turns : 0);
  };
  for (let index = 0; index < wanted.plain && performance.now() < deadline; index++) {
    await takeOne('plain', index);
    await takeOne('slower', index);
  }
  await target.end();
  return turns;
}

/** By the number of their capture; those that are still missing are left out. */
function watchesOf(variant: Variant): readonly Watch[] {
  return Array.from({ length: wanted[variant] }, (_, index) => nameOf(variant, index))
    .filter(hasCapture)
    .flatMap((name) => watchOf({ snapshots: readCapture(name) }, name, { version: 'bench' }) ?? []);
}

function outcomeOf(plain: readonly Watch[], slower: readonly Watch[], turns: number): Outcome {
  const same = [1, 2, 3]
    .flatMap((step) => pairsOf(plain, plain, step))
    .slice(0, samePairs)
    .map(compare);
  const changed = [-1, 0, 1, 2]
    .flatMap((step) => pairsOf(slower, plain, step).map(([after, before]) => [before, after] as const))
    .map(compare);
  const rows = same.flatMap(({ clocks }) => clocks);
  const falseRows = rows.filter(({ verdict }) => verdict === 'changed').length;
  const found = changed.map(slowed).filter(({ verdict }) => verdict === 'changed').length;
  const ratios = changed.flatMap((difference) => slowed(difference).ratio?.value ?? []);
  const falsePairs = same.filter(({ verdict }) => verdict === 'changed').length;
  return {
    how: [
      `Captures of ${captureMs / 1_000} s of the demo workload, each by a process of its own, in turns: ${plain.length} as the clock is, and ${slower.length} in which the vDSO's clock_gettime, as the sampler finds it, waits for ${turns} multiplications behind each read of MONOTONIC (bench/diff-rates/slower-clock.c). Batches, interruptions, counters and everything else are real.`,
      `${same.length} pairs of the first kind (each capture with the next three) and ${changed.length} of both (each slower one with the four nearest).`,
    ],
    rows: [
      {
        what: 'same against same: rows called changed',
        figure: percent(falseRows / rows.length),
        spread: limits(falseRows, rows.length),
        peer: `${falseRows} of ${rows.length} rows, in ${falsePairs} of ${same.length} pairs`,
        bound: `≤ ${percent(bounds.falseShare)}`,
        met: falseRows / rows.length <= bounds.falseShare,
      },
      {
        what: `a clock ${percent(median(ratios) - 1)} slower: found`,
        figure: percent(found / changed.length),
        spread: limits(found, changed.length),
        peer: `${found} of ${changed.length} pairs`,
        bound: `≥ ${percent(bounds.foundShare)}`,
        met: found / changed.length >= bounds.foundShare,
      },
    ],
    notes: [
      'Pairs share captures, so the limits are those of as many independent ones, and the true ones are wider.',
      'The constants of the test were chosen on the first 38 captures of each kind (docs/diff.md has the figures of the others alone).',
      'Captures are kept from run to run in build/bench/diff-rates; delete them to begin anew.',
    ],
    raw: { 'measured slowdown of MONOTONIC, ratio': ratios, 'rows called changed, by pair': same.map(countChanged) },
  };
}

function pairsOf(of: readonly Watch[], others: readonly Watch[], step: number): readonly (readonly [Watch, Watch])[] {
  return of.flatMap((one, index) => {
    const other = others[index + step];
    return other === undefined ? [] : [[one, other] as const];
  });
}

function compare([before, after]: readonly [Watch, Watch]): Difference {
  return compareWatches(before, after, { version: 'bench' });
}

function slowed({ clocks }: Difference): NumberChange {
  const price = clocks.find(({ name }) => name === 'MONOTONIC')?.prices.find(({ path }) => path === 'vdso');
  if (price === undefined) throw new Error('MONOTONIC was not priced');
  return price.p50;
}

function countChanged({ clocks }: Difference): number {
  return clocks.filter(({ verdict }) => verdict === 'changed').length;
}

function percent(share: number): string {
  return `${formatNumber(share * 100)} %`;
}

function limits(count: number, of: number): string {
  const { low, high } = count === 0 ? { low: 0, high: poissonInterval(0).high / of } : shareInterval(count / of, of);
  return `95 %: ${percent(low)} to ${percent(high)}`;
}
