import type { RawCallSample } from '../calls/raw-call-sample.ts';
import { keepNewest } from '../keep-newest.ts';
import type { CodeFrame } from './cpu-sample-rings.ts';
import type { SampledCode } from './sampled-code.ts';

/** The code that sampled threads have in their vDSOs, and the calls that samples interrupted in it. */
export interface SampledCodes {
  /** Of these threads too; learning takes time once, for the first code of all. */
  learn(tids: readonly number[]): Promise<void>;
  /** `notBeforeMs`: when the first of the frames can have been caught, by our monotonic clock. */
  add(frames: readonly CodeFrame<SampledCode>[], notBeforeMs: number): void;
  /** Those since last asked; empty where they are not wanted. */
  takeCalls(): readonly RawCallSample[];
}

/** Of a tree in which programs come and go. */
const mostCodes = 64;

export function createSampledCodes(codeOf: (tid: number) => SampledCode | undefined): SampledCodes {
  const codes = new Set<SampledCode>();
  return {
    async learn(tids) {
      const fresh = [...new Set(tids.map(codeOf))].filter((code) => code !== undefined && !codes.has(code));
      for (const code of fresh) {
        if (code === undefined) continue;
        codes.add(code);
        keepNewest(codes, mostCodes);
        await code.moments?.learn();
      }
    },
    add(frames, notBeforeMs) {
      for (const [code, ofCode] of Map.groupBy(frames, ({ code }) => code))
        code.moments?.add(
          ofCode.map(({ frame }) => frame),
          notBeforeMs,
        );
    },
    takeCalls: () => [...codes].flatMap((code) => code.moments?.take() ?? []),
  };
}
