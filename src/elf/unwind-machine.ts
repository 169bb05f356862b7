/** What unwinding must know of a machine: its DWARF register numbers, as its psABI has them. */
export interface UnwindMachine {
  readonly elfMachine: number;
  readonly bits: 32 | 64;
  /** The names of a sample's registers with their DWARF numbers. */
  readonly numbers: readonly (readonly [name: string, number: number])[];
  readonly stackPointer: number;
  readonly framePointer: number;
  /** Holds the return address where a function begins (arm64); on x86 that stands on the stack. */
  readonly linkRegister: number | undefined;
  /** Those a function must give back as they were: the only ones still known in its caller. */
  readonly calleeSaved: readonly number[];
  /** Bits of a return address that are an address: pointer authentication signs the others (arm64). */
  readonly addressLimit: number;
}

const numbered = (prefix: string, from: number, to: number) =>
  Object.fromEntries(Array.from({ length: to - from + 1 }, (_, index) => [`${prefix}${from + index}`, from + index]));

const x86_64: UnwindMachine = {
  elfMachine: 62,
  bits: 64,
  numbers: Object.entries({ ax: 0, dx: 1, cx: 2, bx: 3, si: 4, di: 5, bp: 6, sp: 7, ...numbered('r', 8, 15) }),
  stackPointer: 7,
  framePointer: 6,
  linkRegister: undefined,
  calleeSaved: [3, 6, 12, 13, 14, 15],
  addressLimit: 2 ** 53,
};

const i386: UnwindMachine = {
  elfMachine: 3,
  bits: 32,
  numbers: Object.entries({ ax: 0, cx: 1, dx: 2, bx: 3, sp: 4, bp: 5, si: 6, di: 7 }),
  stackPointer: 4,
  framePointer: 5,
  linkRegister: undefined,
  calleeSaved: [3, 5, 6, 7],
  addressLimit: 2 ** 32,
};

const arm64: UnwindMachine = {
  elfMachine: 183,
  bits: 64,
  numbers: Object.entries({ ...numbered('x', 0, 30), sp: 31, lr: 30 }),
  stackPointer: 31,
  framePointer: 29,
  linkRegister: 30,
  calleeSaved: [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29],
  addressLimit: 2 ** 48,
};

/** By Node's name of the architecture and the word size of the task; undefined for a machine that is not known here. */
export function unwindMachine(architecture: string, bits: 32 | 64): UnwindMachine | undefined {
  if (architecture === 'x64') return bits === 64 ? x86_64 : i386;
  return architecture === 'arm64' && bits === 64 ? arm64 : undefined;
}
