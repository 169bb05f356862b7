import { vdsoFunctions } from './vdso-functions.ts';

/** A [vdso] mapping: addresses hexadecimal; functions by offset from its start, none where not known. */
export interface VdsoPlace {
  readonly start: string;
  readonly end: string;
  readonly symbols: readonly { readonly name: string; readonly offset: number }[];
}

/** The code in it. */
export interface VdsoCode {
  readonly start: bigint;
  readonly end: bigint;
  /** The function that begins last at or before an address; '[vdso]' before the first; undefined outside. */
  nameAt(ip: bigint): string | undefined;
  /**
   * The first instruction of a function: where a breakpoint hits, with interrupts off, so that a timer that expires
   * meanwhile is told there. That time is ours and no part of the call; of samples without breakpoints next to none lies
   * there. arm64 steps over it and traps again at the second one (arch/arm64/kernel/hw_breakpoint.c); its functions are
   * __kernel_….
   */
  isEntry(ip: bigint): boolean;
}

export function vdsoCode(place: VdsoPlace): VdsoCode {
  const start = BigInt(`0x${place.start}`);
  const end = BigInt(`0x${place.end}`);
  const functions = vdsoFunctions(place.symbols);
  const entries = new Set(
    place.symbols.flatMap(({ name, offset }) => {
      const entry = start + BigInt(offset);
      return name.startsWith('__kernel_') ? [entry, entry + arm64InstructionBytes] : [entry];
    }),
  );
  return {
    start,
    end,
    nameAt: (ip) => (ip < start || ip >= end ? undefined : (functions.nameAt(Number(ip - start)) ?? '[vdso]')),
    isEntry: (ip) => entries.has(ip),
  };
}

const arm64InstructionBytes = 4n;
