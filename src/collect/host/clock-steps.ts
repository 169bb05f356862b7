import type { SessionEventKind } from '../../model/events.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';
import { nativeLibrary } from '../../native.ts';

/** A clock that did not go on as the others did. */
export interface ClockStep {
  readonly kind: Extract<SessionEventKind, 'clock-stepped-back' | 'time-jumped'>;
  readonly text: string;
}

export interface ClockSteps {
  /** What happened since the last call. */
  poll(): readonly ClockStep[];
}

export type ClockReadings = StructOf<'vt_clock_readings'>;

/** Between two readings that took longer the thread lost its CPU: they are not of one moment. */
const oneMomentNs = 1_000_000;
/** A clock that is slewed differs by 500 parts in a million at most (adjtimex(2)); what is more was set. */
const slewed = 0.001;
const leastStepNs = 5_000_000;

/**
 * Watches MONOTONIC, BOOTTIME and REALTIME against each other. BOOTTIME is MONOTONIC and the time for which the machine was
 * suspended (clock_gettime(2)), so that the one grows over the other by nothing else. REALTIME is set by people and
 * services. A migration that the guest is not told of shows in neither, or as such a step.
 */
export function createClockSteps(read: () => ClockReadings | undefined = readClocks): ClockSteps {
  let before: ClockReadings | undefined;
  return {
    poll() {
      const now = read();
      if (now === undefined || now.monotonic_after_ns - now.monotonic_before_ns > oneMomentNs) return [];
      const steps = [...backwards(before, now), ...(before === undefined ? [] : stepsBetween(before, now))];
      before = now;
      return steps;
    },
  };
}

function readClocks(): ClockReadings | undefined {
  const out = allocateStructs('vt_clock_readings');
  return nativeLibrary().vt_clock_readings_take(out) === 0 ? decodeStruct('vt_clock_readings', out) : undefined;
}

function backwards(before: ClockReadings | undefined, now: ClockReadings): readonly ClockStep[] {
  const between = before === undefined ? 0 : before.monotonic_after_ns - now.monotonic_before_ns;
  const backNs = Math.max(now.back_ns, between);
  if (backNs <= 0) return [];
  return [{ kind: 'clock-stepped-back', text: `CLOCK_MONOTONIC went back by ${backNs} ns, as vdsotop read it` }];
}

function stepsBetween(before: ClockReadings, now: ClockReadings): readonly ClockStep[] {
  const passedNs = now.boottime_ns - before.boottime_ns;
  const limitNs = leastStepNs + Math.max(0, passedNs) * slewed;
  const suspendedNs = passedNs - (now.monotonic_before_ns - before.monotonic_before_ns);
  const setNs = now.realtime_ns - before.realtime_ns - passedNs;
  const steps: ClockStep[] = [];
  if (suspendedNs > limitNs)
    steps.push({ kind: 'time-jumped', text: `the machine was suspended for ${inSeconds(suspendedNs)}` });
  if (setNs > limitNs)
    steps.push({ kind: 'time-jumped', text: `CLOCK_REALTIME was set forward by ${inSeconds(setNs)}` });
  if (setNs < -limitNs)
    steps.push({ kind: 'clock-stepped-back', text: `CLOCK_REALTIME was set back by ${inSeconds(-setNs)}` });
  return steps;
}

function inSeconds(ns: number): string {
  return ns < 1e9 ? `${Math.round(ns / 1e6)} ms` : `${(ns / 1e9).toFixed(1)} s`;
}
