import { describe, expect, it } from 'vitest';
import { callTarget, isAfterCall, stubSlot } from '../../src/elf/x86-call.ts';

const bytes = (text: string) => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));

describe('isAfterCall', () => {
  it.each([
    ['call rel32', '90 90 e8 10 00 00 00'],
    ['call *%rax', '90 90 90 90 90 ff d0'],
    ['call *%r12', '90 90 90 90 41 ff d4'],
    ['call *8(%rax)', '90 90 90 90 ff 50 08'],
    ['call *8(%rsp)', '90 90 90 ff 54 24 08'],
    ['call *slot(%rip)', '90 ff 15 00 10 00 00'],
    ['call *table(,%rax,8)', 'ff 14 c5 00 10 40 00'],
  ])('knows %s', (_, text) => {
    expect(isAfterCall(bytes(text))).toBe(true);
  });

  it.each([
    ['a jump', '90 90 e9 10 00 00 00'],
    ['push *8(%rax)', '90 90 90 90 ff 70 08'],
    ['nothing', '90 90 90 90 90 90 90'],
  ])('is not taken in by %s', (_, text) => {
    expect(isAfterCall(bytes(text))).toBe(false);
  });

  it('has nothing before the start of a mapping', () => {
    expect(isAfterCall(new Uint8Array())).toBe(false);
  });
});

describe('callTarget', () => {
  it('follows a direct call and one through a slot, and no other', () => {
    expect(callTarget(bytes('90 90 e8 10 00 00 00'), 0x1000)).toEqual({ code: 0x1010 });
    expect(callTarget(bytes('90 90 e8 f0 ff ff ff'), 0x1000)).toEqual({ code: 0xff0 });
    expect(callTarget(bytes('90 ff 15 00 10 00 00'), 0x1000)).toEqual({ slot: 0x2000 });
    expect(callTarget(bytes('90 90 90 90 90 ff d0'), 0x1000)).toBeUndefined();
    expect(callTarget(new Uint8Array(), 0x1000)).toBeUndefined();
  });
});

describe('stubSlot', () => {
  it('reads PLT entries with and without endbr64 and bnd', () => {
    expect(stubSlot(bytes('ff 25 00 10 00 00 68 00 00 00 00'), 0x1000)).toBe(0x2006);
    expect(stubSlot(bytes('f3 0f 1e fa ff 25 00 10 00 00 66'), 0x1000)).toBe(0x200a);
    expect(stubSlot(bytes('f3 0f 1e fa f2 ff 25 00 10 00 00'), 0x1000)).toBe(0x200b);
    expect(stubSlot(bytes('55 48 89 e5 ff 25 00 10 00 00 66'), 0x1000)).toBeUndefined();
    expect(stubSlot(bytes('ff 25'), 0x1000)).toBeUndefined();
  });
});
