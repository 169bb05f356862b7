import type { Frame } from '../model/frame.ts';
import type { LiveSession } from '../model/live-session.ts';
import { createPaintPace } from './paint-pace.ts';

/** The frames of a session, no more of them than an eye can follow. */
export interface PacedFrames {
  subscribe(onFrame: () => void): () => void;
  /** The frame to show; the same object until another is due. */
  frame(): Frame | undefined;
  /** Shows the newest frame now, as after a key. */
  refresh(): void;
}

/** A verdict is wanted at once, so the first moments are shown as they come. */
const promptMs = 3_000;
/**
 * Later, three samples are painted together, but something every 1.5 s, as htop does it, or less often where that is dear
 * (createPaintPace); a key is answered at once.
 */
const samplesAPaint = 3;
const paintWithinMs = 1_500;
/** How much later than its time a sample may come before the one before it is shown alone. */
const lateMs = 150;

/** Painting costs more than measuring: 6 to 20 ms a frame on 120 × 40. The session makes no frame that is not shown. */
export function pacedFrames(session: LiveSession, everyFrame = false): PacedFrames {
  const startedMs = performance.now();
  let shown = session.frame();
  let shownMs = startedMs;
  let timer: NodeJS.Timeout | undefined;
  let notify: (() => void) | undefined;
  const pace = createPaintPace();

  const refresh = () => {
    clearTimeout(timer);
    timer = undefined;
    shownMs = performance.now();
    const next = session.frame();
    if (next === shown) return;
    shown = next;
    notify?.();
  };

  const follow = () => {
    const nowMs = performance.now();
    const intervalMs = shown?.intervalMs ?? 0;
    const isPrompt = everyFrame || nowMs - startedMs < promptMs;
    const paceMs = isPrompt ? 0 : Math.min(samplesAPaint * intervalMs, paintWithinMs) + pace.extraMs();
    const leftMs = paceMs - (nowMs - shownMs);
    if (leftMs <= intervalMs / 4) refresh();
    else timer ??= setTimeout(refresh, leftMs + lateMs);
  };

  return {
    subscribe(onFrame) {
      notify = onFrame;
      const stop = session.subscribe(follow);
      // A frame may have come since `shown` was taken.
      follow();
      return () => {
        notify = undefined;
        clearTimeout(timer);
        stop();
      };
    },
    frame: () => shown,
    refresh,
  };
}
