import type { RegisterRule, UnwindRow } from './unwind-row.ts';

/** As far as a prologue is read. */
export const maxPrologueBytes = 48;

/** How to leave a function, told by its first instructions. */
export interface PrologueRow {
  readonly row: UnwindRow;
  /** It sets up a frame pointer, which then holds wherever in it. Without one nothing says that the stack pointer stays. */
  readonly framePointer: boolean;
}

interface Registers {
  /** DWARF numbers of the first eight registers, by their numbers in instructions (psABI of each machine). */
  readonly numbers: readonly number[];
  readonly stackPointer: number;
  readonly framePointer: number;
  readonly returnRegister: number;
  readonly wordBytes: 4 | 8;
}

const registers: Readonly<Record<32 | 64, Registers>> = {
  32: { numbers: [0, 1, 2, 3, 4, 5, 6, 7], stackPointer: 4, framePointer: 5, returnRegister: 8, wordBytes: 4 },
  64: { numbers: [0, 2, 1, 3, 7, 6, 4, 5], stackPointer: 7, framePointer: 6, returnRegister: 16, wordBytes: 8 },
};

interface Prologue extends Registers {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Bytes below the frame address: the return address, what was pushed, and room for variables. */
  frameBytes: number;
  /** The same where the frame pointer was set. */
  framePointerBytes: number | undefined;
  readonly rules: Map<number, RegisterRule>;
}

/** Bytes of one instruction that was understood, 0 for any other. */
type Reader = (prologue: Prologue, at: number) => number;

/**
 * How to leave a function of x86 that no .eh_frame describes (musl's are such): `bytes` are its instructions before the one it stands
 * at. Without frame pointer the row is true only if what comes after the part that was understood moves the stack pointer
 * no more: then the return address it finds must be seen to follow a call of this very function.
 */
export function readPrologue(bytes: Uint8Array, bits: 32 | 64): PrologueRow {
  const machine = registers[bits];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frameBytes: number = machine.wordBytes;
  const prologue: Prologue = { ...machine, bytes, view, frameBytes, framePointerBytes: undefined, rules: new Map() };
  for (let at = 0; at < bytes.length; ) {
    const length = readers.reduce((read, reader) => read || reader(prologue, at), 0);
    if (length === 0 || at + length > bytes.length) break;
    at += length;
  }
  const { rules, framePointerBytes } = prologue;
  rules.set(machine.returnRegister, { kind: 'saved', offset: -machine.wordBytes });
  const framePointer = framePointerBytes !== undefined;
  const frameAddress = framePointer
    ? { register: machine.framePointer, offset: framePointerBytes }
    : { register: machine.stackPointer, offset: prologue.frameBytes };
  return {
    row: { frameAddress, rules, returnRegister: machine.returnRegister, signalFrame: false },
    framePointer,
  };
}

const readers: readonly Reader[] = [readPush, readMakeRoom, readBetweenRegisters, readLandingMark, readOwnAddress];

/** 50+r, with REX.B 41 50+r. */
function readPush(prologue: Prologue, at: number): number {
  const { bytes, numbers, rules, wordBytes } = prologue;
  const prefixed = wordBytes === 8 && bytes[at] === 0x41;
  const opcode = bytes[prefixed ? at + 1 : at] ?? 0;
  if (opcode < 0x50 || opcode > 0x57) return 0;
  const number = prefixed ? opcode - 0x50 + 8 : (numbers[opcode - 0x50] ?? 0);
  prologue.frameBytes += wordBytes;
  if (!rules.has(number)) rules.set(number, { kind: 'saved', offset: -prologue.frameBytes });
  return prefixed ? 2 : 1;
}

/** sub $imm8 (83 ec) and $imm32 (81 ec) from the stack pointer, with REX.W (48) in 64 bits. */
function readMakeRoom(prologue: Prologue, at: number): number {
  const { bytes, view, wordBytes } = prologue;
  const wide = wordBytes === 8;
  if (wide && bytes[at] !== 0x48) return 0;
  const opcodeAt = wide ? at + 1 : at;
  if (bytes[opcodeAt + 1] !== 0xec) return 0;
  const [short, long] = [bytes[opcodeAt] === 0x83, bytes[opcodeAt] === 0x81];
  const length = (short ? 3 : 6) + opcodeAt - at;
  if (!(short || long) || at + length > bytes.length) return 0;
  prologue.frameBytes += short ? view.getInt8(opcodeAt + 2) : view.getInt32(opcodeAt + 2, true);
  return length;
}

/** mov, movslq and xor between registers (89, 8b, 63, 31, 33 with ModRM 11…), none of them into the stack pointer. */
function readBetweenRegisters(prologue: Prologue, at: number): number {
  const { bytes, wordBytes } = prologue;
  const rex = bytes[at] ?? 0;
  const prefixed = wordBytes === 8 && rex >= 0x40 && rex <= 0x4f;
  const opcodeAt = prefixed ? at + 1 : at;
  const [opcode = 0, modRm = 0] = [bytes[opcodeAt], bytes[opcodeAt + 1]];
  if (modRm < 0xc0 || ![0x89, 0x8b, 0x63, 0x31, 0x33].includes(opcode)) return 0;
  if (opcode === 0x63 && wordBytes === 4) return 0;
  const intoModRm = opcode === 0x89 || opcode === 0x31;
  const register = intoModRm ? modRm & 7 : (modRm >> 3) & 7;
  const extended = prefixed && ((intoModRm ? rex : rex >> 2) & 1) !== 0;
  if (register === 4 && !extended) return 0;
  const wideEnough = wordBytes === 4 || rex === 0x48;
  const setsFramePointer = (opcode === 0x89 && modRm === 0xe5) || (opcode === 0x8b && modRm === 0xec);
  if (setsFramePointer && wideEnough && prologue.rules.has(prologue.framePointer)) {
    prologue.framePointerBytes ??= prologue.frameBytes;
  }
  return opcodeAt + 2 - at;
}

/** endbr64 and endbr32. */
function readLandingMark({ bytes }: Prologue, at: number): number {
  const marked = bytes[at] === 0xf3 && bytes[at + 1] === 0x0f && bytes[at + 2] === 0x1e;
  return marked && (bytes[at + 3] === 0xfa || bytes[at + 3] === 0xfb) ? 4 : 0;
}

/**
 * Position independent code of i386 asks for its own address: a call of a thunk that returns at once, then add $imm32 to
 * %eax (05) or another register (81 /0).
 */
function readOwnAddress({ bytes, wordBytes }: Prologue, at: number): number {
  if (wordBytes !== 4 || bytes[at] !== 0xe8) return 0;
  if (bytes[at + 5] === 0x05) return 10;
  return bytes[at + 5] === 0x81 && ((bytes[at + 6] ?? 0) & 0xf8) === 0xc0 && bytes[at + 6] !== 0xc4 ? 11 : 0;
}
