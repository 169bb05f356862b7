import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known } from './known.ts';
import type { LookedAtTime } from './looked-at-time.ts';

/** An exec is noticed, and the stretch that begins with it begins, within this. */
const noticedMs = 2_000;
/** Of the CPU time a second later on. */
const alike = 1.5;

/**
 * What a program that began in this stretch burnt before any window looked at it, beyond what it burnt later on: what it does
 * as it begins, nobody saw. In cores, over the whole stretch.
 */
export function earlyCores({ first, last }: Pick<Window, 'first' | 'last'>, looked: LookedAtTime): number {
  const before = known(first.activity);
  const stretchMs = last.elapsedMs - first.elapsedMs;
  const began = last.events.some(({ kind, atMs }) => kind === 'target-exec' && atMs >= first.atMs - noticedMs);
  if (!began || isUnavailable(before) || !(stretchMs > 0)) return 0;
  const earlyMs = Math.max(0, stretchMs - looked.spanMs);
  const likely = alike * (looked.coresOf(looked.tids) ?? 0) * earlyMs * 1e6;
  return Math.max(0, looked.beforeNs - before.cpuTimeNs - likely) / 1e6 / stretchMs;
}
