import { type ExpressionInputs, evaluateExpression } from './dwarf-expression.ts';
import type { UnwindMachine } from './unwind-machine.ts';
import type { RegisterRule, UnwindRow } from './unwind-row.ts';

/** One function's state: where it stands, and what is known of its registers by DWARF number. */
export interface FrameState {
  readonly programCounter: number;
  readonly registers: readonly (number | undefined)[];
}

/** A word of the sampled stack; undefined where the sample does not reach. */
export type ReadWord = (address: number) => number | undefined;

/** The caller of a function; undefined at the outermost one, and where the sample does not hold what is needed. */
export function unwindFrame(
  row: UnwindRow,
  frame: FrameState,
  machine: UnwindMachine,
  readWord: ReadWord,
): FrameState | undefined {
  const { registers } = frame;
  const inputs: ExpressionInputs = {
    // DW_OP_breg16 of an x86-64 PLT entry is the program counter, which is also the column of the return address.
    register: (number) =>
      number === row.returnRegister && machine.linkRegister === undefined ? frame.programCounter : registers[number],
    word: readWord,
  };
  const frameAddress = addressOf(row, inputs);
  if (frameAddress === undefined || frameAddress < (registers[machine.stackPointer] ?? 0)) return undefined;

  const restored = (register: number): number | undefined => {
    const rule = row.rules.get(register);
    return rule === undefined ? registers[register] : applyRule(rule, frameAddress, registers, inputs);
  };
  const returnAddress = restored(row.returnRegister);
  if (returnAddress === undefined || returnAddress === 0) return undefined;

  const callers: (number | undefined)[] = new Array(registers.length).fill(undefined);
  for (const register of row.signalFrame ? registers.keys() : machine.calleeSaved)
    callers[register] = restored(register);
  callers[machine.stackPointer] = row.rules.has(machine.stackPointer) ? restored(machine.stackPointer) : frameAddress;
  return { programCounter: returnAddress % machine.addressLimit, registers: callers };
}

function addressOf({ frameAddress }: UnwindRow, inputs: ExpressionInputs): number | undefined {
  if ('expression' in frameAddress) return evaluateExpression(frameAddress.expression, inputs);
  const base = inputs.register(frameAddress.register);
  return base === undefined ? undefined : base + frameAddress.offset;
}

function applyRule(
  rule: RegisterRule,
  frameAddress: number,
  registers: FrameState['registers'],
  inputs: ExpressionInputs,
): number | undefined {
  if (rule.kind === 'saved') return inputs.word(frameAddress + rule.offset);
  if (rule.kind === 'value') return frameAddress + rule.offset;
  if (rule.kind === 'register') return registers[rule.register];
  if (rule.kind === 'undefined') return undefined;
  const value = evaluateExpression(rule.expression, inputs, frameAddress);
  return rule.kind === 'saved-at-expression' && value !== undefined ? inputs.word(value) : value;
}
