import { type FrameState, unwindFrame } from '../../elf/unwind-frame.ts';
import type { UnwindMachine } from '../../elf/unwind-machine.ts';
import type { CallSite, CodePlace } from '../../model/call-sites.ts';
import type { CodePlaces, Prologue } from './code-places.ts';
import type { SampledFrame } from './sampled-frame.ts';

export interface FirstFrame extends Pick<SampledFrame, 'registers' | 'readWord'> {
  readonly programCounter: number;
  /** It stands at its function's first instruction. */
  readonly atEntry: boolean;
  /** It was interrupted there: the address is the next instruction's, and not one behind a call. */
  readonly interrupted?: boolean;
}

type Callers = Pick<CallSite, 'callers' | 'foundBy'>;
type How = Exclude<CallSite['foundBy'], 'none'>;

interface Step {
  readonly frame: FrameState;
  readonly how: How;
  /** The address is not a return address but the instruction a signal interrupted. */
  readonly interrupted: boolean;
}

const maxCallers = 8;
const elfI386 = 3;
const elfX86_64 = 62;

/**
 * The callers of a sampled frame, nearest first. A frame pointer that nothing vouches for is followed only while nobody
 * outside libc and the vDSO is known: one caller that is certain is worth more than several that may skip some.
 */
export function followCallers(places: CodePlaces, machine: UnwindMachine, first: FirstFrame): Callers {
  const callers: CodePlace[] = [];
  let foundBy: CallSite['foundBy'] = 'none';
  let at: FrameState = first;
  let lookUp = first.interrupted === true ? first.programCounter : first.programCounter - 1;
  for (let count = 0; count < maxCallers; count += 1) {
    const step = nextStep(places, machine, first, at, count, lookUp, callers.every(isBetween));
    if (step === undefined) break;
    const { programCounter } = step.frame;
    lookUp = step.interrupted ? programCounter : programCounter - 1;
    if (!step.interrupted && !canReturnTo(places, machine, programCounter)) break;
    callers.push(places.placeAt(programCounter, lookUp));
    // What was found beyond a frame pointer hangs on it.
    if (foundBy !== 'frame-pointer') foundBy = step.how;
    at = step.frame;
  }
  return { callers, foundBy };
}

function isBetween({ kind }: CodePlace): boolean {
  return kind === 'libc' || kind === 'vdso';
}

function nextStep(
  places: CodePlaces,
  machine: UnwindMachine,
  first: FirstFrame,
  at: FrameState,
  count: number,
  lookUp: number,
  byFramePointer: boolean,
): Step | undefined {
  if (count === 0 && first.atEntry) {
    const frame = leaveAtEntry(machine, first);
    return frame && { frame, how: 'return-address', interrupted: false };
  }
  const row = places.unwindRowAt(lookUp, machine.elfMachine);
  if (row !== undefined) {
    const frame = unwindFrame(row, at, machine, first.readWord);
    return frame && { frame, how: 'unwinding', interrupted: row.signalFrame };
  }
  const prologue = isX86(machine) ? places.prologueAt(lookUp) : undefined;
  if (prologue !== undefined) {
    const frame = leaveByPrologue(places, machine, first, at, prologue);
    return frame && { frame, how: 'unwinding', interrupted: false };
  }
  const frame = byFramePointer ? leaveByFramePointer(machine, first, at) : undefined;
  return frame && { frame, how: 'frame-pointer', interrupted: false };
}

/** A signal handler returns to a trampoline that nobody called; .eh_frame marks it. */
function canReturnTo(places: CodePlaces, machine: UnwindMachine, address: number): boolean {
  if (places.canReturnTo(address, isX86(machine))) return true;
  return places.unwindRowAt(address - 1, machine.elfMachine)?.signalFrame === true;
}

function isX86({ elfMachine }: UnwindMachine): boolean {
  return elfMachine === elfX86_64 || elfMachine === elfI386;
}

/** x86 pushes the return address; arm64 keeps it in the link register. */
function leaveAtEntry(machine: UnwindMachine, { registers, readWord }: FirstFrame): FrameState | undefined {
  const stack = registers[machine.stackPointer];
  if (stack === undefined) return undefined;
  const onStack = machine.linkRegister === undefined;
  const programCounter = onStack ? readWord(stack) : registers[machine.linkRegister];
  if (programCounter === undefined) return undefined;
  const callers = [...registers];
  if (onStack) callers[machine.stackPointer] = stack + machine.bits / 8;
  else callers[machine.linkRegister] = undefined;
  return { programCounter, registers: callers };
}

/** By the function's own first instructions: with its frame pointer, or where they lead to a call of that very function. */
function leaveByPrologue(
  places: CodePlaces,
  machine: UnwindMachine,
  { readWord }: FirstFrame,
  at: FrameState,
  { row, framePointer, functionStart }: Prologue,
): FrameState | undefined {
  const frame = unwindFrame(row, at, machine, readWord);
  return frame && (framePointer || places.calls(frame.programCounter, functionStart)) ? frame : undefined;
}

/** The saved frame pointer and, above it, the return address, where the frame pointer is one: inside the stack, aligned. */
function leaveByFramePointer(machine: UnwindMachine, { readWord }: FirstFrame, { registers }: FrameState) {
  const wordBytes = machine.bits / 8;
  const [frame, stack] = [registers[machine.framePointer], registers[machine.stackPointer]];
  if (frame === undefined || stack === undefined || frame < stack || frame % wordBytes !== 0) return undefined;
  const programCounter = readWord(frame + wordBytes);
  if (programCounter === undefined) return undefined;
  const callers: (number | undefined)[] = new Array(registers.length).fill(undefined);
  callers[machine.framePointer] = readWord(frame);
  callers[machine.stackPointer] = frame + 2 * wordBytes;
  return { programCounter, registers: callers };
}
