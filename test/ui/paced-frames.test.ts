import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PacedFrames, pacedFrames } from '../../src/ui/paced-frames.ts';
import { fakeSession } from './fake-session.ts';
import { frames } from './frames.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** Feeds a frame every `everyMs` and returns how many of them were shown in the time after the prompt start. */
function shownOf(
  everyMs: number,
  intervalMs: number,
  forMs: number,
): { readonly shown: number; readonly made: number } {
  const session = fakeSession({ ...frames.demo, intervalMs });
  let made = 0;
  const counting = {
    ...session,
    frame() {
      made += 1;
      return session.frame();
    },
  };
  const paced = pacedFrames(counting);
  let shown = 0;
  paced.subscribe(() => shown++);
  const feed = (untilMs: number) => {
    for (let at = 0; at < untilMs; at += everyMs) {
      vi.advanceTimersByTime(everyMs);
      session.show({ ...frames.demo, intervalMs });
    }
  };
  feed(4_000);
  shown = 0;
  made = 0;
  feed(forMs);
  return { shown, made };
}

describe('paced frames', () => {
  it('shows three samples a paint at the default interval, so two paints in three seconds', () => {
    const { shown, made } = shownOf(500, 500, 30_000);
    expect(shown).toBeGreaterThanOrEqual(19);
    expect(shown).toBeLessThanOrEqual(21);
    expect(made).toBeLessThanOrEqual(21);
  });

  it('shows every sample of a slow interval', () => expect(shownOf(2_000, 2_000, 20_000).shown).toBe(10));

  it('never leaves the last frame unshown', () => {
    const session = fakeSession(frames.demo);
    const paced: PacedFrames = pacedFrames(session);
    paced.subscribe(() => {});
    vi.advanceTimersByTime(5_000);
    session.show({ ...frames.demo });
    session.show(frames.ended);
    vi.advanceTimersByTime(1_700);
    expect(paced.frame()).toBe(frames.ended);
  });

  it('shows the first moments as they come, and anything at once after a key', () => {
    const session = fakeSession();
    const paced = pacedFrames(session);
    paced.subscribe(() => {});
    session.show(frames.measuring);
    expect(paced.frame()).toBe(frames.measuring);
    vi.advanceTimersByTime(10_000);
    session.show({ ...frames.demo });
    session.show(frames.paused);
    paced.refresh();
    expect(paced.frame()).toBe(frames.paused);
  });

  it('shows every frame where that is asked for', () => {
    const session = fakeSession(frames.demo);
    const onFrame = vi.fn();
    pacedFrames(session, true).subscribe(onFrame);
    vi.advanceTimersByTime(10_000);
    for (let count = 0; count < 50; count++) session.show({ ...frames.demo });
    expect(onFrame).toHaveBeenCalledTimes(50);
  });

  it('is silent when it is no longer listened to', () => {
    const session = fakeSession(frames.demo);
    const paced = pacedFrames(session);
    const onFrame = vi.fn();
    const stop = paced.subscribe(onFrame);
    vi.advanceTimersByTime(5_000);
    session.show({ ...frames.demo });
    stop();
    onFrame.mockClear();
    vi.advanceTimersByTime(5_000);
    expect(onFrame).not.toHaveBeenCalled();
  });
});
