import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Known } from '../model/reading.ts';
import type { ClockMix } from './clock-mix.ts';
import type { InterruptedCalls } from './clock-times.ts';
import type { LookedAtTime } from './looked-at-time.ts';
import type { SampledTime } from './sampled-time.ts';
import type { VdsoPrices } from './vdso-price.ts';
import type { WindowRate } from './window-rates.ts';

export interface FastPathInput extends VdsoPrices {
  readonly cpuCores: Known<number>;
  readonly threads: Known<number>;
  /** Threads that lived in the window, those that ended too. */
  readonly livedThreads: Known<number>;
  /** Calls a second that the target's CPU time allows at most. */
  readonly mostCalls: number | undefined;
  readonly interrupted: InterruptedCalls;
}

/** What the probes tell of vDSO calls, each question answered once. */
export interface FastEvidence extends FastPathInput {
  readonly time: Known<SampledTime>;
  readonly looked: LookedAtTime;
  /** Cores that the program burnt as it began, before any window looked: what it called then is not known. */
  readonly early: number;
  /** Clocks of a function that breakpoints met calls of, told apart or not. */
  readonly slotsOf: (fn: EntryFunction) => readonly ClockSlot[];
  readonly mixOf: (fn: EntryFunction) => ClockMix | undefined;
  readonly rateOf: (fn: EntryFunction, slot: ClockSlot) => WindowRate | undefined;
}

/** A clock of which no window can have caught a call. */
export const noSlot: ClockSlot = -1;
