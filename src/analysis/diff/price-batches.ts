import type { TimedCall, TimedPath, TimingSample } from '../../model/prices.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** The batches of one call on one path, as a stretch of watching has them. */
export interface PriceBatches {
  readonly key: string;
  readonly call: TimedCall;
  readonly clockId: number | undefined;
  readonly path: TimedPath;
  /** Taken within a moment, before the counters were armed. */
  readonly unwatched: readonly number[];
  /** Taken since, one list for each snapshot that has any. */
  readonly visits: readonly (readonly number[])[];
}

export type Batches = ReadonlyMap<string, PriceBatches>;

/** Every batch by what it timed. The first snapshot's own timings lie before the stretch, unless it is the only one. */
export function priceBatches(snapshots: readonly Snapshot[]): Batches {
  const table = new Map<string, { sample: TimingSample; unwatched: number[]; visits: (readonly number[])[] }>();
  const rowOf = (sample: TimingSample) => {
    const key = priceKey(sample);
    const row = table.get(key) ?? { sample, unwatched: [], visits: [] };
    table.set(key, row);
    return row;
  };
  for (const sample of snapshots.at(-1)?.unwatched ?? [])
    if (!sample.watched) rowOf(sample).unwatched.push(...priced(sample));
  const inside = snapshots.length > 1 ? snapshots.slice(1) : snapshots;
  for (const { timings } of inside)
    for (const [key, samples] of Map.groupBy(timings, priceKey)) {
      const visit = samples.flatMap(priced);
      const first = samples[0];
      if (first !== undefined && visit.length > 0 && key !== '') rowOf(first).visits.push(visit);
    }
  return new Map(
    [...table].map(([key, { sample, unwatched, visits }]) => {
      const { call, clockId, path } = sample;
      return [key, { key, call, clockId, path, unwatched, visits }];
    }),
  );
}

/** 'clock_gettime 7 vdso', 'counter raw' */
export function priceKey({ call, clockId, path }: Pick<TimingSample, 'call' | 'clockId' | 'path'>): string {
  return call === 'clock_gettime' ? `${call} ${clockId} ${path}` : `${call} ${path}`;
}

function priced({ perCallNs }: TimingSample): readonly number[] {
  return perCallNs.filter((ns) => Number.isFinite(ns) && ns > 0);
}
