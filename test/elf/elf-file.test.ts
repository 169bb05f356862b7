import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readBuildId } from '../../src/elf/build-id.ts';
import { readDynamicSection } from '../../src/elf/dynamic-section.ts';
import { readElfFile } from '../../src/elf/elf-file.ts';
import { addressOfOffset, offsetOfAddress } from '../../src/elf/file-address.ts';
import { buildProgram } from '../programs/build.ts';
import { bytesSource, libc, readFile } from './files.ts';

const readelf = (...args: readonly string[]) => execFileSync('readelf', ['-W', ...args], { encoding: 'utf8' });
const programs = [
  { name: 'libc', path: libc },
  { name: 'a program', path: buildProgram('call-chain', ['-Wl,--build-id']) },
  { name: 'a 32-bit program', path: buildProgram('call-chain', ['-m32', '-Wl,--build-id']) },
];

describe('readElfFile', () => {
  it.each(programs)('reads sections, build id and dynamic section of $name as readelf does', ({ path }) => {
    const file = readFile(path);
    const sections = [
      ...readelf('-S', path).matchAll(/^ +\[ *\d+\] (\S+) +\S+ +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)/gm),
    ];
    const seen = file.sections().filter(({ name }) => name !== '');
    expect(seen.map(({ name, address, offset, sizeBytes }) => [name, address, offset, sizeBytes])).toEqual(
      sections.map(([, name, ...numbers]) => [name, ...numbers.map((text) => Number.parseInt(text, 16))]),
    );
    expect(readBuildId(file)).toBe(/Build ID: (\S+)/.exec(readelf('-n', path))?.[1]);
    const dynamic = readelf('-d', path);
    expect(readDynamicSection(file).needed).toEqual([...dynamic.matchAll(/NEEDED.*\[(.*)\]/g)].map(([, name]) => name));
    expect(readDynamicSection(file).soName).toBe(/SONAME.*\[(.*)\]/.exec(dynamic)?.[1]);
  });

  it('finds the address of an offset and back', () => {
    const file = readFile(libc);
    const text = file.sections().find(({ name }) => name === '.text');
    expect(addressOfOffset(file, text?.offset ?? 0)).toBe(text?.address);
    expect(offsetOfAddress(file, text?.address ?? 0)).toBe(text?.offset);
    expect(offsetOfAddress(file, 2 ** 47)).toBeUndefined();
  });

  it.each([
    ['a script', Buffer.from(`#!/bin/sh\n${' '.repeat(100)}`)],
    ['nothing', Buffer.alloc(0)],
    ['an unknown class', Buffer.concat([Buffer.from('\x7fELF\x03'), Buffer.alloc(100)])],
    ['a header cut short', readFileSync(libc).subarray(0, 60)],
  ])('says that %s is no ELF file', (_, bytes) => {
    expect(readElfFile(bytesSource(bytes))).toBeUndefined();
  });
});
