import type { Capsule } from '../../model/capsule.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { diagnose } from '../diagnose.ts';
import { makeWindow } from '../window.ts';
import type { Watch } from './watch.ts';

/**
 * What a capsule, or a session, has to compare: everything from the last attach, exec or reset to the moment shown.
 * Undefined where there is no snapshot.
 */
export function watchOf(
  { snapshots, shownMs = Number.POSITIVE_INFINITY }: Pick<Capsule, 'snapshots'> & { readonly shownMs?: number },
  label: string,
  tool: { readonly version: string },
): Watch | undefined {
  const shown = snapshots.filter(({ elapsedMs }) => elapsedMs <= shownMs);
  const last = shown.at(-1);
  if (last === undefined) return undefined;
  const window: readonly Snapshot[] = shown.filter(({ elapsedMs }) => elapsedMs >= last.sinceMs);
  return { label, snapshots: window, report: diagnose(makeWindow(window, last.unwatched, last.sinceMs), tool) };
}
