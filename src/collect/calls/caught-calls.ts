import type { ClockSlot, EntryFunction } from '../../model/clock-calls.ts';
import { entryFunctions } from '../entries/entry-functions.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { readFrameBytes } from './sampled-frame-bytes.ts';

/** One sample of vt_call_samples_read. */
export interface CaughtCall {
  readonly atNs: bigint;
  /** Index in the plan. */
  readonly event: number;
  readonly fn: EntryFunction;
  readonly slot: ClockSlot;
  /** The first of its event since it was armed: where only one of several calls is sampled, it stands for no others. */
  readonly first: boolean;
  /** A copy of its registers and stack; to be asked before the buffer is written again. */
  readonly copy: () => RawCallSample;
}

/** Offsets in struct vt_call_sample of native/call-samples.h. */
const offsets = { event: 8, fn: 12, slot: 16, first: 28 } as const;
export const callSampleBytes = 2_208;

/** The first `count` samples in a buffer that C has filled, of thread `tid`. */
export function readCaughtCalls(
  bytes: Uint8Array,
  count: number,
  tid: number,
  side: RawCallSample['side'],
): readonly CaughtCall[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => index * callSampleBytes).flatMap((at) => {
    const word = (offset: number) => view.getUint32(at + offset, true);
    const fn = entryFunctions[word(offsets.fn)];
    if (fn === undefined) return [];
    const slot = word(offsets.slot);
    const copy = (): RawCallSample => ({ side, fn, slot, tid, ...readFrameBytes(bytes, at) });
    return [
      {
        atNs: view.getBigUint64(at, true),
        event: word(offsets.event),
        fn,
        slot,
        first: word(offsets.first) === 1,
        copy,
      },
    ];
  });
}
