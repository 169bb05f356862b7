import type { ClockSlot, EntryFunction } from '../../model/clock-calls.ts';

/**
 * One call caught by a perf event, as the kernel delivered it: registers and stack of the thread at that instruction.
 * 'vdso': the instruction pointer is the function's first instruction, so its caller is at the stack pointer (x86) or in
 * 'x30' (arm64). 'kernel': it is the instruction after the system call instruction; for a function vsyscall_* it is the
 * entry of the vsyscall page, whose caller is at the stack pointer.
 */
export interface RawCallSample {
  readonly side: 'kernel' | 'vdso';
  /** Of 'vdso': the thread was interrupted somewhere inside the call by a CPU sample, and not at its first instruction. */
  readonly midway?: boolean;
  /** Of a CPU sample: it was taken after this moment of our monotonic clock, milliseconds. */
  readonly notBeforeMs?: number;
  readonly fn: EntryFunction;
  readonly slot: ClockSlot;
  readonly tid: number;
  /** Of the sampled code. */
  readonly bits: 32 | 64;
  /**
   * By name. x86, 32 bits too: 'bx' 'si' 'di' 'bp' 'sp' 'ip' 'cs' 'r10' 'r12' 'r13' 'r14' 'r15' (the 'r' ones mean nothing for
   * 32 bits). arm64: 'x0' 'x19' to 'x30' 'sp' 'pc', and 'pc' again as 'ip'.
   */
  readonly registers: Readonly<Record<string, bigint>>;
  /** User stack from `stackAddress` upward; empty when the kernel could not read it. */
  readonly stack: Uint8Array;
  /** The stack pointer. */
  readonly stackAddress: bigint;
}
