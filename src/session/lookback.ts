import type { Watch } from '../analysis/diff/watch.ts';
import type { Frame } from '../model/frame.ts';
import type { LiveSession } from '../model/live-session.ts';
import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type FrameInput, judge, judgeLive, judgeWhole, makeFrame, watchShown } from './frames.ts';
import { createHeldPast } from './held-past.ts';
import type { Past } from './history.ts';

/** What a screen sees of a past, growing or whole: the moment it looks at, judged, and word when that changes. */
export interface Lookback extends Pick<LiveSession, 'subscribe' | 'frame' | 'step' | 'jump' | 'setBaseline'> {
  /**
   * The judgement of everything since attach, exec or reset, up to the newest snapshot; or up to the one shown, of what is
   * kept of it.
   */
  report(upTo: 'newest' | 'shown'): Report | undefined;
  /** The judgement of the last ten seconds, whatever is shown. */
  liveReport(): Report | undefined;
  shown(): Snapshot | undefined;
  /** Everything kept, oldest first, and what the moment shown is judged by, should that be older. */
  kept(): readonly Snapshot[];
  /**
   * Shows this snapshot of all ever added, or the nearest that is kept, and holds on to what it is judged by; or shows from
   * now on whichever is newest.
   */
  show(number: number | 'newest'): void;
  /** Number of the snapshot shown; −1 before the first. */
  shownAt(): number;
  isPaused(): boolean;
  setPaused(paused: boolean): void;
  /** Something that frames are made of has changed. */
  changed(): void;
}

export type LookbackContext = Pick<FrameInput, 'version' | 'commandLine' | 'intervalMs' | 'replayed'>;

/** `context` is asked whenever something is judged. */
export function createLookback(past: Past, context: () => LookbackContext): Lookback {
  const listeners = new Set<() => void>();
  const held = createHeldPast(past);
  let place: number | 'newest' = 'newest';
  let paused = false;
  let baseline: Watch | undefined;
  let cached: Frame | undefined;

  const newest = () => past.added() - 1;
  const shownAt = () => (place === 'newest' ? newest() : place);
  const upToShown = () => (place === 'newest' ? past.all() : held.upTo(place));
  const shown = () => upToShown().at(-1);
  const input = (): FrameInput => ({
    ...context(),
    shown: upToShown(),
    oldest: past.all()[0],
    newest: past.all().at(-1),
    lastReadMs: held.lastReadMs(shownAt()),
    paused,
    baseline,
  });
  const changed = () => {
    cached = undefined;
    for (const listener of listeners) listener();
  };
  const show = (number: number | 'newest') => {
    if (past.added() === 0) return;
    place = number === 'newest' ? number : held.nearest(number);
    if (place === 'newest') held.release();
    else held.hold(place);
    changed();
  };

  return {
    changed,
    show,
    shownAt,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame() {
      cached ??= makeFrame(input());
      return cached;
    },
    report(upTo) {
      if (upTo === 'shown') return judgeWhole(input());
      const whole = past.whole();
      return whole && judge(whole, context());
    },
    liveReport: () => judgeLive({ ...input(), shown: past.all() }),
    shown,
    kept: held.all,
    step(samples) {
      if (past.added() === 0) return;
      paused = true;
      show(shownAt() + samples);
    },
    jump(seconds) {
      show(held.firstFrom((shown()?.elapsedMs ?? 0) + seconds * 1_000));
    },
    setBaseline() {
      baseline = watchShown(input());
      changed();
    },
    isPaused: () => paused,
    setPaused(next) {
      paused = next;
      changed();
    },
  };
}
