import { describe, expect, it } from 'vitest';
import { createPaintPace } from '../../src/ui/paint-pace.ts';

/** The pace after each paint of a stretch in which the process takes so much of a core. */
function feeder() {
  const at = { ms: 0, cpuMs: 400 };
  const pace = createPaintPace(
    () => at.cpuMs,
    () => at.ms,
  );
  return (seconds: number, cores: number) => {
    let extra = 0;
    for (let second = 0; second < seconds; second += 1) {
      extra = pace.extraMs();
      at.ms += 1_000;
      at.cpuMs += 1_000 * cores;
    }
    return extra;
  };
}

describe('the pace of paints', () => {
  it('is the usual one where vdsotop takes little', () => expect(feeder()(300, 0.018)).toBe(0));

  it('is slower step by step, to 1.5 s more, where it takes more than a fiftieth of a core', () => {
    const feed = feeder();
    expect(feed(10, 0.024)).toBe(0);
    expect(feed(10, 0.024)).toBe(500);
    expect(feed(10, 0.024)).toBe(1_000);
    expect(feed(300, 0.024)).toBe(1_500);
  });

  it('stays where that has brought it below, and is the usual one again once it is far below', () => {
    const feed = feeder();
    feed(21, 0.03);
    expect(feed(100, 0.018)).toBe(1_000);
    expect(feed(100, 0.01)).toBe(0);
  });

  it('does not follow a moment: ten seconds are judged at once', () => {
    const feed = feeder();
    expect(feed(9, 0.012)).toBe(0);
    expect(feed(1, 0.09)).toBe(0);
    expect(feed(1, 0.09)).toBe(0);
    expect(feed(20, 0.012)).toBe(0);
  });
});
