import type { Snapshot } from '../model/snapshot.ts';
import type { Past } from './history.ts';

/** What a frame shows: curves of a minute, and the window of whichever of its last moments is stepped to. */
const heldMs = 70_000;

/** A past of which the stretch before one moment stays, whatever the past itself lets go of meanwhile. */
export interface HeldPast {
  /** Holds on to the stretch up to this snapshot of all ever added, instead of any before; one that is kept or held. */
  hold(number: number): void;
  release(): void;
  /** The nearest that is kept or held. */
  nearest(number: number): number;
  /** The first that is kept or held of those from this `elapsedMs` on; else the newest. */
  firstFrom(elapsedMs: number): number;
  /** Consecutive snapshots up to this one, as far back as they are there. */
  upTo(number: number): readonly Snapshot[];
  /** As Past has it. */
  lastReadMs(number: number): number | undefined;
  /** Everything kept and held, oldest first. No window spans what is gone in between. */
  all(): readonly Snapshot[];
}

interface Stretch {
  /** Number of its first snapshot. */
  readonly from: number;
  readonly snapshots: readonly Snapshot[];
  readonly readMs: readonly (number | undefined)[];
}

const nothing: Stretch = { from: 0, snapshots: [], readMs: [] };

export function createHeldPast(past: Past): HeldPast {
  let held = nothing;

  const oldestKept = () => past.added() - past.all().length;
  /** What of the stretch the past has let go of. */
  const heldOnly = () => held.snapshots.slice(0, Math.max(0, oldestKept() - held.from));
  const isTorn = () => held.from + held.snapshots.length < oldestKept();

  const lastReadMs = (number: number) =>
    number < oldestKept() ? held.readMs[number - held.from] : past.lastReadMs(number);

  const upTo = (number: number) => {
    const older = heldOnly();
    if (number < oldestKept()) return older.slice(0, number - held.from + 1);
    const kept = past.all().slice(0, number - oldestKept() + 1);
    return older.length === 0 || isTorn() ? kept : [...older, ...kept];
  };

  return {
    lastReadMs,
    upTo,
    hold(number) {
      // The whole stretch stays while one moves about in it.
      if (number < oldestKept()) return;
      const shown = upTo(number);
      const fromMs = (shown.at(-1)?.elapsedMs ?? 0) - heldMs;
      const snapshots = shown.slice(
        Math.max(
          0,
          shown.findLastIndex(({ elapsedMs }) => elapsedMs <= fromMs),
        ),
      );
      const from = number - snapshots.length + 1;
      held = { from, snapshots, readMs: snapshots.map((_, index) => lastReadMs(from + index)) };
    },
    release() {
      held = nothing;
    },
    nearest(number) {
      const older = heldOnly().length;
      const oldest = older > 0 ? held.from : oldestKept();
      const inside = Math.min(Math.max(number, oldest), past.added() - 1);
      return inside >= held.from + older ? Math.max(inside, oldestKept()) : inside;
    },
    firstFrom(fromMs) {
      const inHeld = heldOnly().findIndex(({ elapsedMs }) => elapsedMs >= fromMs);
      if (inHeld >= 0) return held.from + inHeld;
      const inKept = past.all().findIndex(({ elapsedMs }) => elapsedMs >= fromMs);
      return inKept >= 0 ? oldestKept() + inKept : past.added() - 1;
    },
    all() {
      const [older, kept] = [heldOnly(), past.all()];
      if (older.length === 0) return kept;
      return [...older, ...(isTorn() ? beginningAnew(kept) : kept)];
    },
  };
}

/** What breakpoints and the sampler saw in a gap is lost: counters of it would stand beside rates that are not of it. */
function beginningAnew(kept: readonly Snapshot[]): readonly Snapshot[] {
  const beganMs = kept[0]?.elapsedMs ?? 0;
  return kept.map((snapshot) => (snapshot.sinceMs < beganMs ? { ...snapshot, sinceMs: beganMs } : snapshot));
}
