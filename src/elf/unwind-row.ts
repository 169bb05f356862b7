import { type ByteCursor, createCursor } from './byte-cursor.ts';
import type { CommonFrame, FrameEntry } from './frame-entry.ts';

/** Where the caller's value of a register is, seen from the canonical frame address (CFA); DWARF 5, section 6.4.1. */
export type RegisterRule =
  | { readonly kind: 'saved'; readonly offset: number }
  | { readonly kind: 'value'; readonly offset: number }
  | { readonly kind: 'register'; readonly register: number }
  | { readonly kind: 'saved-at-expression'; readonly expression: Uint8Array }
  | { readonly kind: 'value-of-expression'; readonly expression: Uint8Array }
  | { readonly kind: 'undefined' };

export type FrameAddress = { readonly register: number; readonly offset: number } | { readonly expression: Uint8Array };

/** How to leave a function from one of its instructions. A register without rule still has the caller's value. */
export interface UnwindRow {
  readonly frameAddress: FrameAddress;
  readonly rules: ReadonlyMap<number, RegisterRule>;
  readonly returnRegister: number;
  readonly signalFrame: boolean;
}

interface RowState {
  location: number;
  frameAddress: FrameAddress | undefined;
  rules: Map<number, RegisterRule>;
}

interface Execution {
  readonly cursor: ByteCursor;
  readonly common: CommonFrame;
  readonly bits: 32 | 64;
  readonly row: RowState;
  readonly initial: ReadonlyMap<number, RegisterRule>;
  readonly remembered: { frameAddress: FrameAddress | undefined; rules: Map<number, RegisterRule> }[];
}

/** False where the program makes no sense. */
type Instruction = (execution: Execution) => boolean;

/** Compilers nest two or three deep. */
const maxRemembered = 64;
/** x86-64 has 17 that are saved, arm64 with its vector registers 96. */
const maxRegister = 128;

/** The row for an address inside the entry; undefined where its instructions are not all known or make no sense. */
export function unwindRowAt(entry: FrameEntry, address: number, bits: 32 | 64): UnwindRow | undefined {
  const { common } = entry;
  const row: RowState = { location: entry.start, frameAddress: undefined, rules: new Map() };
  const start = execute({ common, bits, row, initial: new Map(), remembered: [] }, common.instructions, Infinity);
  if (!start) return undefined;
  const initial = new Map(row.rules);
  row.location = entry.start;
  const done = execute({ common, bits, row, initial, remembered: [] }, entry.instructions, address);
  if (!done || row.frameAddress === undefined) return undefined;
  return {
    frameAddress: row.frameAddress,
    rules: row.rules,
    returnRegister: common.returnRegister,
    signalFrame: common.signalFrame,
  };
}

/** Runs up to the first instruction of a location beyond `address`. */
function execute(context: Omit<Execution, 'cursor'>, program: Uint8Array, address: number): boolean {
  const cursor = createCursor(program);
  const execution: Execution = { ...context, cursor };
  while (cursor.position < program.length) {
    const opcode = cursor.u8();
    const primary = opcode & 0xc0;
    const done =
      primary === 0 ? (extended.get(opcode)?.(execution) ?? false) : primaryOf(primary, opcode & 0x3f, execution);
    if (!done || cursor.failed) return false;
    if (context.row.location > address) return true;
  }
  return true;
}

function primaryOf(primary: number, operand: number, execution: Execution): boolean {
  if (primary === 0x40) return advance(execution, operand);
  if (primary === 0x80) return saveAt(execution, operand, execution.cursor.uleb());
  return restore(execution, operand);
}

/** The row that stands when a later location begins is the one wanted: `execute` stops before it changes. */
function advance({ row, common }: Execution, units: number): boolean {
  row.location += units * common.codeAlignment;
  return true;
}

function setRule({ row }: Execution, register: number, rule: RegisterRule): boolean {
  if (register > maxRegister) return false;
  row.rules.set(register, rule);
  return true;
}

function saveAt(execution: Execution, register: number, factored: number): boolean {
  return setRule(execution, register, { kind: 'saved', offset: factored * execution.common.dataAlignment });
}

function restore({ row, initial }: Execution, register: number): boolean {
  const rule = initial.get(register);
  if (rule === undefined) row.rules.delete(register);
  else row.rules.set(register, rule);
  return true;
}

function defineFrame({ row }: Execution, register: number, offset: number): boolean {
  row.frameAddress = { register, offset };
  return true;
}

function takeExpression({ cursor }: Execution): Uint8Array {
  return cursor.take(cursor.uleb());
}

/** DW_CFA_* by number, DWARF 5 table 7.29 and the GNU ones. set_loc (1) does not occur in .eh_frame. */
const extended: ReadonlyMap<number, Instruction> = new Map<number, Instruction>([
  [0x00, () => true],
  [0x02, (execution) => advance(execution, execution.cursor.u8())],
  [0x03, (execution) => advance(execution, execution.cursor.u16())],
  [0x04, (execution) => advance(execution, execution.cursor.u32())],
  [0x05, (execution) => saveAt(execution, execution.cursor.uleb(), execution.cursor.uleb())],
  [0x06, (execution) => restore(execution, execution.cursor.uleb())],
  [0x07, (execution) => setRule(execution, execution.cursor.uleb(), { kind: 'undefined' })],
  [
    0x08,
    ({ row, cursor }) => {
      row.rules.delete(cursor.uleb());
      return true;
    },
  ],
  [
    0x09,
    (execution) => {
      const register = execution.cursor.uleb();
      return setRule(execution, register, { kind: 'register', register: execution.cursor.uleb() });
    },
  ],
  [
    0x0a,
    ({ row, remembered }) => {
      if (remembered.length === maxRemembered) return false;
      remembered.push({ frameAddress: row.frameAddress, rules: new Map(row.rules) });
      return true;
    },
  ],
  [
    0x0b,
    ({ row, remembered }) => {
      const saved = remembered.pop();
      if (saved === undefined) return false;
      row.frameAddress = saved.frameAddress;
      row.rules = saved.rules;
      return true;
    },
  ],
  [0x0c, (execution) => defineFrame(execution, execution.cursor.uleb(), execution.cursor.uleb())],
  [0x0d, (execution) => changeFrame(execution, { register: execution.cursor.uleb() })],
  [0x0e, (execution) => changeFrame(execution, { offset: execution.cursor.uleb() })],
  [
    0x0f,
    (execution) => {
      execution.row.frameAddress = { expression: takeExpression(execution) };
      return true;
    },
  ],
  [
    0x10,
    (execution) => {
      const register = execution.cursor.uleb();
      return setRule(execution, register, { kind: 'saved-at-expression', expression: takeExpression(execution) });
    },
  ],
  [0x11, (execution) => saveAt(execution, execution.cursor.uleb(), execution.cursor.sleb())],
  [
    0x12,
    (execution) =>
      defineFrame(execution, execution.cursor.uleb(), execution.cursor.sleb() * execution.common.dataAlignment),
  ],
  [0x13, (execution) => changeFrame(execution, { offset: execution.cursor.sleb() * execution.common.dataAlignment })],
  [0x14, (execution) => valueAt(execution, execution.cursor.uleb(), execution.cursor.uleb())],
  [0x15, (execution) => valueAt(execution, execution.cursor.uleb(), execution.cursor.sleb())],
  [
    0x16,
    (execution) => {
      const register = execution.cursor.uleb();
      return setRule(execution, register, { kind: 'value-of-expression', expression: takeExpression(execution) });
    },
  ],
  // arm64: the return address is signed from here on, or no longer; the reader of return addresses strips that.
  [0x2d, () => true],
  // GNU_args_size: for exceptions only.
  [
    0x2e,
    ({ cursor }) => {
      cursor.uleb();
      return true;
    },
  ],
  // GNU_negative_offset_extended.
  [0x2f, (execution) => saveAt(execution, execution.cursor.uleb(), -execution.cursor.uleb())],
]);

function changeFrame({ row }: Execution, change: { register?: number; offset?: number }): boolean {
  if (row.frameAddress === undefined || 'expression' in row.frameAddress) return false;
  row.frameAddress = { ...row.frameAddress, ...change };
  return true;
}

function valueAt(execution: Execution, register: number, factored: number): boolean {
  return setRule(execution, register, { kind: 'value', offset: factored * execution.common.dataAlignment });
}
