import type { UnwindMachine } from '../../elf/unwind-machine.ts';
import type { RawCallSample } from '../calls/raw-call-sample.ts';

/** A sample as the unwinder reads it. */
export interface SampledFrame {
  /** By DWARF number; undefined where not sampled, or no address. */
  readonly registers: readonly (number | undefined)[];
  /** A word of the sampled stack; undefined outside it, and for what is no address. */
  readonly readWord: (address: number) => number | undefined;
}

/** undefined where the sample lacks the stack pointer. */
export function sampledFrame(sample: RawCallSample, machine: UnwindMachine): SampledFrame | undefined {
  const { registers, stack } = sample;
  if (registers.sp === undefined) return undefined;
  const numbered: (number | undefined)[] = new Array(33).fill(undefined);
  for (const [name, number] of machine.numbers) {
    const value = registers[name];
    if (value !== undefined) numbered[number] = toAddress(value);
  }
  const view = new DataView(stack.buffer, stack.byteOffset, stack.byteLength);
  const start = Number(sample.stackAddress);
  const wordBytes = machine.bits / 8;
  return {
    registers: numbered,
    readWord: (at) => {
      const offset = at - start;
      if (!(offset >= 0 && offset + wordBytes <= stack.byteLength)) return undefined;
      if (wordBytes === 4) return view.getUint32(offset, true);
      const value = view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
      return Number.isSafeInteger(value) ? value : signedReturnAddress(view.getBigUint64(offset, true), machine);
    },
  };
}

function toAddress(value: bigint): number | undefined {
  const address = Number(value);
  return Number.isSafeInteger(address) ? address : undefined;
}

/** arm64 keeps a signature in the upper bits of a return address, which are no part of it. */
function signedReturnAddress(value: bigint, { addressLimit }: UnwindMachine): number | undefined {
  return addressLimit < 2 ** 53 ? Number(value % BigInt(addressLimit)) : undefined;
}
