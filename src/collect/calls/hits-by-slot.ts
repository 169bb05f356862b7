import type { FastWindowFunction } from '../../model/fast-reads.ts';
import type { CaughtCall } from './caught-calls.ts';

export function hitsBySlot(calls: readonly CaughtCall[]): FastWindowFunction['hits'] {
  return [...Map.groupBy(calls, ({ slot }) => slot)].map(([slot, { length }]) => ({ slot, count: length }));
}
