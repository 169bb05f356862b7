import type { ClockSlot } from '../model/clock-calls.ts';
import type { ClockSeries, SeriesPoint } from '../model/frame.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { alwaysListed } from './clock-table.ts';
import { wasReopened } from './counted-entries.ts';
import { isUnavailable, known } from './known.ts';
import { rememberingSteps } from './remembering-steps.ts';
import { median } from './statistics.ts';
import { tellsClocksApart } from './tells-clocks-apart.ts';

/**
 * The time axis of every clock: one point per snapshot after the first. Rates are of the stretch since the snapshot
 * before; nanoseconds are medians of the batches of that stretch, by syscall while watched where counters are attached.
 */
export function makeSeries(snapshots: readonly Snapshot[]): readonly ClockSeries[] {
  const steps = snapshots.slice(1).map((after, index) => stepBetween(snapshots[index] ?? after, after));
  return listSlots(steps).map((slot) => ({ slot, points: steps.map((step) => pointOf(step, slot)) }));
}

interface Step {
  readonly atMs: number;
  /** Entries a second by slot; null where nothing was counted from one end to the other. */
  readonly rates: ReadonlyMap<ClockSlot, number> | null;
  /** Without it, no entries under a clock's slot does not mean none of that clock. */
  readonly toldApart: boolean;
  readonly vdsoNs: ReadonlyMap<ClockSlot, number>;
  readonly syscallNs: ReadonlyMap<ClockSlot, number>;
}

/** Each step is drawn in every frame of a minute. */
const stepBetween = rememberingSteps(
  (before: Snapshot, after: Snapshot): Step => ({
    atMs: after.atMs,
    rates: ratesOf(before, after),
    toldApart: 'unavailable' in after.entries || tellsClocksApart(after.entries.value),
    vdsoNs: mediansOf(after, 'vdso'),
    syscallNs: mediansOf(after, 'syscall'),
  }),
);

function pointOf({ atMs, rates, toldApart, vdsoNs, syscallNs }: Step, slot: ClockSlot): SeriesPoint {
  return {
    atMs,
    kernelEntriesPerSecond: rates === null ? null : (rates.get(slot) ?? (toldApart ? 0 : null)),
    vdsoNs: vdsoNs.get(slot) ?? null,
    syscallNs: syscallNs.get(slot) ?? null,
  };
}

/** Counters that were opened anew in between, or that did not count, leave a gap: that is not zero. */
function ratesOf(before: Snapshot, after: Snapshot): ReadonlyMap<ClockSlot, number> | null {
  const begin = known(before.entries);
  const end = known(after.entries);
  if (isUnavailable(begin) || isUnavailable(end) || wasReopened(begin, end)) return null;
  const seconds = (end.armedForMs - begin.armedForMs) / 1_000;
  if (!(seconds > 0)) return null;
  const counts = new Map<ClockSlot, number>();
  const add = (slot: ClockSlot, count: number) => counts.set(slot, (counts.get(slot) ?? 0) + count);
  for (const { fn, slot, count } of end.counts) if (fn === 'clock_gettime') add(slot, count);
  for (const { fn, slot, count } of begin.counts) if (fn === 'clock_gettime') add(slot, -count);
  return new Map([...counts].map(([slot, count]) => [slot, count / seconds]));
}

function mediansOf({ timings }: Snapshot, path: 'vdso' | 'syscall'): ReadonlyMap<ClockSlot, number> {
  const batches = new Map<ClockSlot, number[]>();
  for (const sample of timings) {
    if (sample.call !== 'clock_gettime' || sample.path !== path || sample.clockId === undefined) continue;
    const priced = sample.perCallNs.filter((ns) => Number.isFinite(ns) && ns >= 0);
    batches.set(sample.clockId, [...(batches.get(sample.clockId) ?? []), ...priced]);
  }
  return new Map([...batches].filter(([, list]) => list.length > 0).map(([slot, list]) => [slot, median(list)]));
}

function listSlots(steps: readonly Step[]): readonly ClockSlot[] {
  const seen = steps.flatMap(({ rates, vdsoNs, syscallNs }) => [
    ...[...(rates ?? [])].filter(([, rate]) => rate > 0).map(([slot]) => slot),
    ...vdsoNs.keys(),
    ...syscallNs.keys(),
  ]);
  return [...new Set([...alwaysListed, ...seen])].sort((a, b) => a - b);
}
