import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import type { RawCallSample } from '../calls/raw-call-sample.ts';
import { callMoment } from './call-moment.ts';
import type { CaughtFrame } from './caught-frames.ts';
import type { ClockIdPlaces } from './clock-id-places.ts';
import { learnClockIdPlaces } from './learn-clock-id-places.ts';
import type { VdsoPlace } from './vdso-code.ts';
import { vdsoFunctions } from './vdso-functions.ts';

/** Calls of vDSO functions that CPU samples interrupted. */
export interface CallMoments {
  /** Until it is done, the clock of a call is not told. */
  learn(): Promise<void>;
  /** `notBeforeMs`: when the first of them can have been caught, by our monotonic clock. */
  add(frames: readonly CaughtFrame[], notBeforeMs: number): void;
  /** Those since last asked. */
  take(): readonly RawCallSample[];
}

/** What is not asked for is not kept for ever. */
const mostKept = 4_096;
/** Of our own image, learnt once. */
let learnt: Promise<Reading<ClockIdPlaces>> | undefined;

/** `image`: ours, where the target's has the same code. */
export function createCallMoments(vdso: VdsoPlace, image: Reading<VdsoImage>): CallMoments {
  const start = BigInt(`0x${vdso.start}`);
  const functions = vdsoFunctions(vdso.symbols);
  let places: ClockIdPlaces = new Map();
  let kept: RawCallSample[] = [];
  return {
    async learn() {
      if ('unavailable' in image) return;
      learnt ??= learnClockIdPlaces(image);
      const reading = await learnt;
      if ('value' in reading) places = reading.value;
    },
    add(frames, notBeforeMs) {
      const calls = frames.flatMap((frame) => callMoment(frame, { start, functions, places }) ?? []);
      kept = [...kept, ...calls.map((call) => ({ ...call, notBeforeMs }))].slice(-mostKept);
    },
    take() {
      const taken = kept;
      kept = [];
      return taken;
    },
  };
}
