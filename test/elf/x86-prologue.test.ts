import { describe, expect, it } from 'vitest';
import { readPrologue } from '../../src/elf/x86-prologue.ts';

const bytes = (text: string) => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));
const saved = (offset: number) => ({ kind: 'saved', offset });

describe('readPrologue', () => {
  it("reads that of musl's clock_gettime: two registers pushed, 8 bytes of room, moves between", () => {
    const { row, framePointer } = readPrologue(bytes('55 48 89 f5 53 89 fb 48 83 ec 08 48 8b 05 0e df 03 00'), 64);
    expect(framePointer).toBe(false);
    expect(row.frameAddress).toEqual({ register: 7, offset: 32 });
    expect(Object.fromEntries(row.rules)).toEqual({ 6: saved(-16), 3: saved(-24), 16: saved(-8) });
  });

  it('sees a frame pointer being set, in 64 and 32 bits, after endbr and after a call for the own address', () => {
    const wide = readPrologue(bytes('f3 0f 1e fa 55 48 89 e5 41 57 48 81 ec 00 10 00 00'), 64);
    expect(wide).toMatchObject({ framePointer: true, row: { frameAddress: { register: 6, offset: 16 } } });
    expect(wide.row.rules.get(15)).toEqual(saved(-24));
    const narrow = readPrologue(bytes('e8 a1 06 00 00 05 07 f2 ff ff 55 89 e5 57 56 53 83 ec 44'), 32);
    expect(narrow).toMatchObject({ framePointer: true, row: { frameAddress: { register: 5, offset: 8 } } });
    expect(Object.fromEntries(narrow.row.rules)).toEqual({
      8: saved(-4),
      5: saved(-8),
      7: saved(-12),
      6: saved(-16),
      3: saved(-20),
    });
  });

  it('stops at the first instruction it does not know, and at one that is cut off', () => {
    // lea 8(%rsp),%r10; and $-16,%rsp: a stack that is realigned.
    expect(readPrologue(bytes('4c 8d 54 24 08 48 83 e4 f0 55 48 89 e5'), 64)).toMatchObject({
      framePointer: false,
      row: { frameAddress: { register: 7, offset: 8 } },
    });
    expect(readPrologue(bytes('53 48 81 ec 00'), 64).row.frameAddress).toEqual({ register: 7, offset: 16 });
    expect(readPrologue(new Uint8Array(), 64).row.frameAddress).toEqual({ register: 7, offset: 8 });
    // mov %rdi,%rsp: the stack is another one.
    expect(readPrologue(bytes('53 48 89 fc 53'), 64).row.frameAddress).toEqual({ register: 7, offset: 16 });
  });
});
