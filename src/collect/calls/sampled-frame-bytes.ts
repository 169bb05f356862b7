import { callRegisters } from './call-registers.ts';
import type { RawCallSample } from './raw-call-sample.ts';

/** Registers and stack of a struct vt_call_sample, copied. */
export type FrameBytes = Pick<RawCallSample, 'bits' | 'registers' | 'stack' | 'stackAddress'>;

/** Offsets in struct vt_call_sample of native/call-samples.h. */
const offsets = { bits: 20, stackBytes: 24, registers: 32, stack: 160 } as const;

/** The frame of the sample that begins `at` so many bytes. */
export function readFrameBytes(bytes: Uint8Array, at: number): FrameBytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (offset: number) => view.getUint32(at + offset, true);
  const registers = readRegisters(view, at + offsets.registers);
  const stack = bytes.slice(at + offsets.stack, at + offsets.stack + word(offsets.stackBytes));
  return { bits: word(offsets.bits) === 32 ? 32 : 64, registers, stack, stackAddress: registers.sp ?? 0n };
}

function readRegisters(view: DataView, at: number): Record<string, bigint> {
  const registers = Object.fromEntries(
    callRegisters.map((name, index) => [name, view.getBigUint64(at + index * 8, true)]),
  );
  return registers.pc === undefined ? registers : { ...registers, ip: registers.pc };
}
