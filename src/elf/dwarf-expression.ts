import { type ByteCursor, createCursor } from './byte-cursor.ts';

/** What an expression may look at: a register's value, and a word of memory; undefined where unknown. */
export interface ExpressionInputs {
  register(number: number): number | undefined;
  word(address: number): number | undefined;
}

interface Evaluation {
  readonly cursor: ByteCursor;
  readonly stack: bigint[];
  readonly inputs: ExpressionInputs;
}

type Operation = (evaluation: Evaluation) => bigint | undefined;

const maxSteps = 64;
const maxStack = 32;

/**
 * The value of a DWARF expression (DWARF 5, section 2.5) made of the operations that .eh_frame uses for PLT entries,
 * signal frames and realigned stacks; undefined for any other, without jumps and so without loops.
 */
export function evaluateExpression(
  expression: Uint8Array,
  inputs: ExpressionInputs,
  initial?: number,
): number | undefined {
  const cursor = createCursor(expression);
  const evaluation: Evaluation = { cursor, stack: initial === undefined ? [] : [BigInt(initial)], inputs };
  for (let step = 0; cursor.position < expression.length; step += 1) {
    const opcode = cursor.u8();
    const value = operationOf(opcode)?.(evaluation);
    if (value === undefined || cursor.failed || step >= maxSteps || evaluation.stack.length >= maxStack)
      return undefined;
    evaluation.stack.push(value);
  }
  const result = evaluation.stack.at(-1);
  if (result === undefined || result < 0n || result > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return Number(result);
}

/** lit0–31 are 0x30–0x4f, breg0–31 are 0x70–0x8f. */
function operationOf(opcode: number): Operation | undefined {
  if (opcode >= 0x30 && opcode <= 0x4f) return () => BigInt(opcode - 0x30);
  if (opcode >= 0x70 && opcode <= 0x8f) return (evaluation) => based(evaluation, opcode - 0x70);
  return operations.get(opcode);
}

function based({ cursor, inputs }: Evaluation, register: number): bigint | undefined {
  const value = inputs.register(register);
  const offset = cursor.sleb();
  return value === undefined ? undefined : BigInt(value) + BigInt(offset);
}

/** The operations on the two topmost values; true is 1. */
function binary(operate: (left: bigint, right: bigint) => bigint | boolean): Operation {
  return ({ stack }) => {
    const [right, left] = [stack.pop(), stack.pop()];
    if (left === undefined || right === undefined) return undefined;
    const result = operate(left, right);
    return typeof result === 'bigint' ? BigInt.asIntN(64, result) : BigInt(result);
  };
}

const constant =
  (read: (cursor: ByteCursor) => number): Operation =>
  ({ cursor }) =>
    BigInt(read(cursor));

const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [
    0x06,
    ({ stack, inputs }) => {
      const address = stack.pop();
      const value = address === undefined ? undefined : inputs.word(Number(address));
      return value === undefined ? undefined : BigInt(value);
    },
  ],
  [0x08, constant((cursor) => cursor.u8())],
  [0x09, constant((cursor) => cursor.signed(1))],
  [0x0a, constant((cursor) => cursor.u16())],
  [0x0b, constant((cursor) => cursor.signed(2))],
  [0x0c, constant((cursor) => cursor.u32())],
  [0x0d, constant((cursor) => cursor.signed(4))],
  [0x10, constant((cursor) => cursor.uleb())],
  [0x11, constant((cursor) => cursor.sleb())],
  [0x12, ({ stack }) => stack.at(-1)],
  [0x1a, binary((left, right) => left & right)],
  [0x1c, binary((left, right) => left - right)],
  [0x21, binary((left, right) => left | right)],
  [0x22, binary((left, right) => left + right)],
  [
    0x23,
    ({ stack, cursor }) => {
      const [value, addend] = [stack.pop(), cursor.uleb()];
      return value === undefined ? undefined : value + BigInt(addend);
    },
  ],
  [0x24, binary((left, right) => (right < 64n && right >= 0n ? left << right : 0n))],
  [0x29, binary((left, right) => left === right)],
  [0x2a, binary((left, right) => left >= right)],
  [0x2b, binary((left, right) => left > right)],
  [0x2c, binary((left, right) => left <= right)],
  [0x2d, binary((left, right) => left < right)],
  [0x2e, binary((left, right) => left !== right)],
]);
