import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../src/elf/dwarf-expression.ts';

const bytes = (text: string) => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));
const registers: Readonly<Record<number, number>> = { 7: 0x7000, 16: 0x102b };
const inputs = {
  register: (number: number) => registers[number],
  word: (address: number) => (address === 0x70a0 ? 0x9000 : undefined),
};

describe('evaluateExpression', () => {
  it("gives the frame address in a linker's PLT entry: rsp + 8 + ((rip & 15) >= 11) << 3", () => {
    const plt = bytes('77 08 80 00 3f 1a 3b 2a 33 24 22');
    expect(evaluateExpression(plt, inputs)).toBe(0x7010);
    const early = { ...inputs, register: (number: number) => (number === 16 ? 0x1020 : registers[number]) };
    expect(evaluateExpression(plt, early)).toBe(0x7008);
  });

  it("follows a signal frame's saved stack pointer: *(rsp + 160)", () => {
    expect(evaluateExpression(bytes('77 a0 01 06'), inputs)).toBe(0x9000);
  });

  it('starts from a value where there is one', () => {
    expect(evaluateExpression(bytes('23 10'), inputs, 0x100)).toBe(0x110);
  });

  it.each([
    ['a register that was not sampled', '73 00'],
    ['memory that was not sampled', '77 00 06'],
    ['an operation that is not known', 'e0'],
    ['too few values', '22'],
    ['a jump', '2f fd ff'],
    ['an operand that is cut off', '77'],
    ['a negative address', '31 1f'],
    ['more steps than any needs', Array(100).fill('31').join(' ')],
  ])('has no value for %s', (_, text) => {
    expect(evaluateExpression(bytes(text), inputs)).toBeUndefined();
  });
});
