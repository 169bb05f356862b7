import { describe, expect, it } from 'vitest';
import { unwindFrame } from '../../src/elf/unwind-frame.ts';
import { type UnwindMachine, unwindMachine } from '../../src/elf/unwind-machine.ts';
import type { UnwindRow } from '../../src/elf/unwind-row.ts';

const arm64 = unwindMachine('arm64', 64) as UnwindMachine;
const x64 = unwindMachine('x64', 64) as UnwindMachine;
const registersOf = (known: Readonly<Record<number, number>>) =>
  Array.from({ length: 33 }, (_, number) => known[number]);
const stack: Readonly<Record<number, number>> = { 28656: 0x7100, 28664: 0x4444 };
const readWord = (address: number) => stack[address];
const row = (changes: Partial<UnwindRow>): UnwindRow => ({
  frameAddress: { register: 7, offset: 16 },
  rules: new Map([[16, { kind: 'saved', offset: -8 }]]),
  returnRegister: 16,
  signalFrame: false,
  ...changes,
});

describe('unwindFrame', () => {
  it('gives the caller its return address, its stack and the registers a function must keep', () => {
    const rules: UnwindRow['rules'] = new Map([
      [16, { kind: 'saved', offset: -8 }],
      [6, { kind: 'saved', offset: -16 }],
    ]);
    const registers = registersOf({ 0: 9, 3: 0x33, 6: 0x66, 7: 28_656 });
    const caller = unwindFrame(row({ rules }), { programCounter: 0x1000, registers }, x64, readWord);
    expect(caller?.programCounter).toBe(0x4444);
    expect(caller?.registers).toEqual(registersOf({ 3: 0x33, 6: 0x7100, 7: 28_672 }));
  });

  it('finds the return address of an arm64 function that calls nobody in x30, once', () => {
    const leaf = row({ frameAddress: { register: 31, offset: 0 }, rules: new Map(), returnRegister: 30 });
    const registers = registersOf({ 29: 0x7100, 30: 0x5555, 31: 0x7000 });
    const caller = unwindFrame(leaf, { programCounter: 0x1000, registers }, arm64, readWord);
    expect(caller).toEqual({ programCounter: 0x5555, registers: registersOf({ 29: 0x7100, 31: 0x7000 }) });
    expect(caller && unwindFrame(leaf, caller, arm64, readWord)).toBeUndefined();
  });

  it.each([
    ['at the outermost function', row({ rules: new Map([[16, { kind: 'undefined' as const }]]) })],
    ['where the stack was not sampled', row({ frameAddress: { register: 7, offset: 4_096 } })],
    ['where a register was not sampled', row({ frameAddress: { register: 10, offset: 0 } })],
    ['where the frame would lie below the stack', row({ frameAddress: { register: 7, offset: -64 } })],
  ])('stops %s', (_, from) => {
    const frame = { programCounter: 0x1000, registers: registersOf({ 7: 28_656 }) };
    expect(unwindFrame(from, frame, x64, readWord)).toBeUndefined();
  });
});
