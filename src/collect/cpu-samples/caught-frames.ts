import { callSampleBytes } from '../calls/caught-calls.ts';
import { type FrameBytes, readFrameBytes } from '../calls/sampled-frame-bytes.ts';

/** Registers and stack of a thread where a CPU sample interrupted it. */
export interface CaughtFrame extends FrameBytes {
  readonly tid: number;
}

/** Offset of `event`, which holds the thread's id here (native/cpu-samples.h). */
const tidOffset = 8;

/** The first `count` frames that vt_cpu_samplers_read has written, copied. */
export function readCaughtFrames(bytes: Uint8Array, count: number): readonly CaughtFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => index * callSampleBytes).map((at) => ({
    tid: view.getUint32(at + tidOffset, true),
    ...readFrameBytes(bytes, at),
  }));
}
