import type { EntryFunction } from '../../model/clock-calls.ts';
import type { EntryCount } from '../../model/entries.ts';
import type { Known } from '../../model/reading.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { wasReopened } from '../counted-entries.ts';
import { isUnavailable, known, unavailable } from '../known.ts';
import { meanOf, varianceOf } from '../statistics.ts';
import { tellsClocksApart } from '../tells-clocks-apart.ts';

/** Kernel entries of one kind, by stretches of about a second. */
export interface EntryRate {
  readonly perSecond: number;
  readonly count: number;
  readonly seconds: number;
  /** False where entries may be missing from the count, or be too many in it, at any time of the stretch. */
  readonly exact: boolean;
  /** Standard error of `perSecond` as a part of it; of a count of 0 it is meaningless. */
  readonly relativeError: number;
  /** Of that error. */
  readonly freedom: number;
}

interface Block {
  readonly count: number;
  readonly seconds: number;
}

const blockMs = 950;
/** Fewer blocks have no spread of their own: programs then are taken to be this uneven. */
const fewBlocks = 4;
const usualSpread = 0.25;

/** The counted rate over consecutive snapshots, with the error that its own unevenness gives it. */
export function entryRate(snapshots: readonly Snapshot[], fn: EntryFunction, slot: number): Known<EntryRate> {
  const last = snapshots.at(-1);
  const entries = last === undefined ? unavailable('absent', 'nothing was watched') : known(last.entries);
  if (isUnavailable(entries)) return entries;
  if (fn === 'clock_gettime' && !tellsClocksApart(entries))
    return unavailable('unsupported', 'entries of 32-bit code were counted, of which clock is not known');
  const blocks = blocksOf(snapshots, fn, slot);
  const seconds = blocks.reduce((sum, block) => sum + block.seconds, 0);
  if (!(seconds > 0)) return unavailable('absent', 'nothing was counted from one end of the stretch to the other');
  const count = blocks.reduce((sum, block) => sum + block.count, 0);
  return {
    perSecond: count / seconds,
    count,
    seconds,
    exact: areExact(snapshots),
    ...errorOf(blocks, count / seconds),
  };
}

function areExact(snapshots: readonly Snapshot[]): boolean {
  return snapshots.every((snapshot) => {
    const entries = known(snapshot.entries);
    return isUnavailable(entries) || entries.exact;
  });
}

function blocksOf(snapshots: readonly Snapshot[], fn: EntryFunction, slot: number): readonly Block[] {
  const blocks: Block[] = [];
  let begin: { readonly at: Snapshot; readonly count: number; readonly armedForMs: number } | undefined;
  for (const [index, at] of snapshots.entries()) {
    const entries = known(at.entries);
    const before = snapshots[index - 1] && known((snapshots[index - 1] as Snapshot).entries);
    if (isUnavailable(entries)) {
      begin = undefined;
      continue;
    }
    if (before === undefined || isUnavailable(before) || wasReopened(before, entries)) begin = undefined;
    // clock_getres() is one row, of whichever clock it asks.
    const isOne = (one: EntryCount) => one.fn === fn && (fn !== 'clock_gettime' || one.slot === slot);
    const count = entries.counts.reduce((sum, one) => sum + (isOne(one) ? one.count : 0), 0);
    const { armedForMs } = entries;
    if (begin === undefined) begin = { at, count, armedForMs };
    const ms = armedForMs - begin.armedForMs;
    const isLast = index === snapshots.length - 1;
    if (ms < blockMs && !(isLast && ms > 0 && blocks.length === 0)) continue;
    blocks.push({ count: count - begin.count, seconds: ms / 1_000 });
    begin = { at, count, armedForMs };
  }
  return blocks;
}

/** By the spread of the blocks; never less than a Poisson count's, and more where neighbouring blocks are alike. */
function errorOf(blocks: readonly Block[], perSecond: number): Pick<EntryRate, 'relativeError' | 'freedom'> {
  const total = blocks.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return { relativeError: 0, freedom: blocks.length };
  const poisson = 1 / Math.sqrt(total);
  if (blocks.length < fewBlocks) return { relativeError: Math.hypot(usualSpread, poisson), freedom: 1_000 };
  const rates = blocks.map(({ count, seconds }) => count / seconds);
  const inflation = correlationInflation(rates);
  const spread = Math.sqrt((varianceOf(rates) * inflation) / rates.length) / perSecond;
  return { relativeError: Math.max(spread, poisson), freedom: rates.length - 1 };
}

/** Variance of a mean of values that follow each other with this correlation, over that of independent ones. */
function correlationInflation(values: readonly number[]): number {
  const mean = meanOf(values);
  const variance = varianceOf(values);
  if (!(variance > 0)) return 1;
  const products = values.slice(1).map((value, index) => (value - mean) * ((values[index] ?? mean) - mean));
  const seen = products.reduce((sum, product) => sum + product, 0) / ((values.length - 1) * variance);
  // A short series shows less correlation than there is, by (1 + 3ρ)/n (Kendall 1954).
  const correlation = Math.min(0.9, Math.max(0, seen + (1 + 3 * seen) / values.length));
  return (1 + correlation) / (1 - correlation);
}
