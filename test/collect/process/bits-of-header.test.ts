import { describe, expect, it } from 'vitest';
import { bitsOfHeader } from '../../../src/collect/process/bits-of-header.ts';

function header(elfClass: number, machine: number): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write('\u007fELF', 'latin1');
  bytes[4] = elfClass;
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

describe('the word size that a header tells', () => {
  it.each([
    ['x86-64', 2, 62, 64],
    ['arm64', 2, 183, 64],
    ['i386', 1, 3, 32],
    ['x32: 64-bit code with 32-bit pointers', 1, 62, 'x32'],
    ['no class', 0, 62, undefined],
  ])('%s', (_, elfClass, machine, bits) => {
    expect(bitsOfHeader(header(elfClass, machine))).toBe(bits);
  });

  it('is none where the file is no ELF file, or ends too early', () => {
    expect(bitsOfHeader(Buffer.from('#!/bin/sh\n# of twenty bytes or more'))).toBeUndefined();
    expect(bitsOfHeader(Buffer.alloc(20))).toBeUndefined();
  });
});
