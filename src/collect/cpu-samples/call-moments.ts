import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import type { RawCallSample } from '../calls/raw-call-sample.ts';
import { callMoment } from './call-moment.ts';
import type { CaughtFrame } from './caught-frames.ts';
import type { ClockIdPlaces } from './clock-id-places.ts';
import type { FramedCode } from './cpu-sample-rings.ts';
import type { VdsoPlace } from './cpu-sample-tally.ts';
import { learnClockIdPlaces } from './learn-clock-id-places.ts';
import { vdsoFunctions } from './vdso-functions.ts';

/** Calls of vDSO functions that CPU samples interrupted. */
export interface CallMoments {
  readonly code: FramedCode;
  /** Until it is done, the clock of a call is not told. */
  learn(): Promise<void>;
  add(frames: readonly CaughtFrame[]): void;
  /** Those since last asked. */
  take(): readonly RawCallSample[];
}

/** What is not asked for is not kept for ever. */
const mostKept = 4_096;
/** Of our own image, learnt once. */
let learnt: Promise<Reading<ClockIdPlaces>> | undefined;

/** `image`: ours, where the target's has the same code. Undefined where the target has no vDSO. */
export function createCallMoments(vdso: VdsoPlace | undefined, image: Reading<VdsoImage>): CallMoments | undefined {
  if (vdso === undefined) return undefined;
  const code = { start: BigInt(`0x${vdso.start}`), end: BigInt(`0x${vdso.end}`) };
  const functions = vdsoFunctions(vdso.symbols);
  let places: ClockIdPlaces = new Map();
  let kept: RawCallSample[] = [];
  return {
    code,
    async learn() {
      if ('unavailable' in image) return;
      learnt ??= learnClockIdPlaces(image);
      const reading = await learnt;
      if ('value' in reading) places = reading.value;
    },
    add(frames) {
      const calls = frames.flatMap((frame) => callMoment(frame, { start: code.start, functions, places }) ?? []);
      kept = [...kept, ...calls].slice(-mostKept);
    },
    take() {
      const taken = kept;
      kept = [];
      return taken;
    },
  };
}
