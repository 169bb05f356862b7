import type { Snapshot } from '../model/snapshot.ts';
import { liveWindowMs } from './live-window-ms.ts';
import { reachingBack } from './reaching-back.ts';

/**
 * Where the windows begin that the next snapshot will end: the whole one since attach, exec or reset, and the live one, which
 * begins where it does now or a snapshot later.
 */
export function windowBegins(kept: readonly Snapshot[]): readonly Snapshot[] {
  const sinceMs = kept.at(-1)?.sinceMs ?? 0;
  const first = kept.find(({ elapsedMs }) => elapsedMs >= sinceMs);
  const whole = first === undefined ? [] : [first];
  return [...new Set([...whole, ...reachingBack(kept, liveWindowMs).slice(0, 2)])];
}
