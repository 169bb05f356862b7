import type { CaughtCall } from './caught-calls.ts';
import type { RawCallSample } from './raw-call-sample.ts';

/** An even choice of so many calls of each clock, out of as many as come by (Vitter's algorithm R). */
export interface SampleChoice {
  offer(calls: readonly CaughtCall[]): void;
  chosen(): readonly RawCallSample[];
}

export function createSampleChoice(perClock: number): SampleChoice {
  const clocks = new Map<string, { seen: number; readonly kept: RawCallSample[] }>();
  return {
    offer(calls) {
      for (const call of calls) {
        const key = `${call.fn} ${call.slot}`;
        const clock = clocks.get(key) ?? { seen: 0, kept: [] };
        clocks.set(key, clock);
        const at = clock.seen < perClock ? clock.seen : Math.floor(Math.random() * (clock.seen + 1));
        clock.seen += 1;
        if (at < perClock) clock.kept[at] = call.copy();
      }
    },
    chosen: () => [...clocks.values()].flatMap(({ kept }) => kept),
  };
}
