import type { ClockSlot } from '../../model/clock-calls.ts';
import type { RawCallSample } from '../calls/raw-call-sample.ts';
import { slotNotToldApart } from '../entries/entry-functions.ts';
import type { CaughtFrame } from './caught-frames.ts';
import { type ClockIdPlace, type ClockIdPlaces, clockIdAt, returnAddressAt } from './clock-id-places.ts';
import type { VdsoFunctions } from './vdso-functions.ts';

/** Where the target maps its vDSO, its functions, and what is known of where they hold the clock id. */
export interface MomentCode {
  readonly start: bigint;
  readonly functions: VdsoFunctions;
  readonly places: ClockIdPlaces;
}

/** The first ClockSlot that is no clock id (model/clock-calls.ts). */
const firstNoId = 32;

/** The call that a CPU sample interrupted in the vDSO; undefined where it is none that reads a clock, or not known. */
export function callMoment(frame: CaughtFrame, { start, functions, places }: MomentCode): RawCallSample | undefined {
  const offset = Number((frame.registers.ip ?? 0n) - start);
  const place = places.get(offset);
  const fn = functions.at(offset) ?? functionBehind(place, frame, start, functions);
  if (fn === undefined) return undefined;
  const slot = fn === 'clock_gettime' || fn === 'clock_getres' ? slotOf(fn, place, frame) : 0;
  return { side: 'vdso', midway: true, fn, slot, ...frame };
}

/** Code that has no name of its own was called by a function that has. */
function functionBehind(
  place: ClockIdPlace | undefined,
  frame: CaughtFrame,
  start: bigint,
  functions: VdsoFunctions,
): RawCallSample['fn'] | undefined {
  const address = place === undefined ? undefined : returnAddressAt(place, frame);
  return address === undefined ? undefined : functions.at(Number(address - start));
}

/** Places are learnt of clock_gettime alone. */
function slotOf(fn: RawCallSample['fn'], place: ClockIdPlace | undefined, frame: CaughtFrame): ClockSlot {
  const id = place === undefined || fn !== 'clock_gettime' ? undefined : clockIdAt(place, frame);
  return id === undefined || id < 0 || id >= firstNoId ? slotNotToldApart : id;
}
