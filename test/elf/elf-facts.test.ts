import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readElfFacts } from '../../src/elf/elf-facts.ts';
import { buildProgram } from '../programs/build.ts';
import { bytesSource } from './files.ts';

const program = readFileSync(buildProgram('wait'));
const facts = {
  bits: 64,
  x32: false,
  positionIndependent: true,
  interpreter: true,
  librariesNeeded: 1,
  sharedObjectName: false,
  markedPie: true,
};

const parse = (bytes: Buffer) => readElfFacts(bytesSource(bytes));

describe('readElfFacts', () => {
  it('reads a program as readelf does', () => {
    expect(parse(program)).toEqual(facts);
  });

  it('reads a 32-bit big-endian header, as a program for another machine has it', () => {
    const header = Buffer.alloc(52);
    header.set([0x7f, 0x45, 0x4c, 0x46, 1, 2]);
    header.writeUInt16BE(2, 16);
    expect(parse(header)).toMatchObject({ bits: 32, positionIndependent: false, interpreter: false });
  });

  it('tells x32 from 32 bits by the machine', () => {
    const header = Buffer.alloc(52);
    header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1]);
    header.writeUInt16LE(62, 18);
    expect(parse(header)).toMatchObject({ bits: 32, x32: true });
    header.writeUInt16LE(3, 18);
    expect(parse(header)).toMatchObject({ bits: 32, x32: false });
  });

  it.each([
    ['a script', Buffer.from(`#!/bin/sh\n${' '.repeat(100)}`)],
    ['nothing', Buffer.alloc(0)],
    ['an unknown class', Buffer.concat([Buffer.from('\x7fELF\x03'), Buffer.alloc(100)])],
  ])('says that %s is no ELF file', (_, bytes) => {
    expect(parse(bytes)).toBeUndefined();
  });

  it('survives a file cut anywhere', () => {
    for (let length = 0; length < program.length; length += 61) parse(program.subarray(0, length));
  });

  it('reads a bounded part whatever a hostile header claims', () => {
    for (let at = 4; at < 0x318; at += 1) {
      const hostile = Buffer.from(program);
      hostile[at] = 0xff;
      const source = bytesSource(hostile);
      readElfFacts(source);
      expect(source.asked.bytes).toBeLessThan(100_000);
    }
  });
});
