import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readBuildId } from '../../src/elf/build-id.ts';
import { readDebugLink } from '../../src/elf/debug-link.ts';
import { readDebugSymbols } from '../../src/elf/debug-symbols.ts';
import { readDynamicSection } from '../../src/elf/dynamic-section.ts';
import { type ElfFile, readElfFile } from '../../src/elf/elf-file.ts';
import { addressOfOffset } from '../../src/elf/file-address.ts';
import { createFrameTable } from '../../src/elf/frame-table.ts';
import { createSymbolTable } from '../../src/elf/symbol-table.ts';
import { unwindFrame } from '../../src/elf/unwind-frame.ts';
import { unwindMachine } from '../../src/elf/unwind-machine.ts';
import { unwindRowAt } from '../../src/elf/unwind-row.ts';
import { buildProgram } from '../programs/build.ts';
import { bytesSource, libc, readFile } from './files.ts';

const files = [
  { name: 'libc', path: libc },
  { name: 'a program', path: buildProgram('call-chain') },
  { name: 'a static program, which has no search table', path: buildProgram('call-chain', ['-static']) },
  { name: 'a 32-bit program', path: buildProgram('call-chain', ['-m32']) },
];

/** Everything that is asked of a file, at some addresses of its code. Returns how many bytes were read for it. */
function askAll(bytes: Uint8Array, offsets: readonly number[]): number {
  const source = bytesSource(bytes);
  const file = readElfFile(source);
  if (file === undefined) return source.asked.bytes;
  readBuildId(file);
  readDebugLink(file);
  const separate = readDebugSymbols(source, file, () => undefined);
  readDynamicSection(file);
  const symbols = createSymbolTable(file);
  const frames = createFrameTable(file);
  for (const offset of offsets) {
    const address = addressOfOffset(file, offset) ?? offset;
    expect(symbols.find(address)?.name.length ?? 0).toBeLessThanOrEqual(256);
    if ('symbols' in separate) separate.symbols.find(address);
    unwindAll(file, frames.find(address), address);
  }
  return source.asked.bytes;
}

function unwindAll(
  file: ElfFile,
  entry: ReturnType<ReturnType<typeof createFrameTable>['find']>,
  address: number,
): void {
  const machine = unwindMachine('x64', file.bits);
  const row = entry && unwindRowAt(entry, address, file.bits);
  if (row === undefined || machine === undefined) return;
  const registers = Array.from({ length: 33 }, (_, number) => 0x7000 + number * 8);
  unwindFrame(row, { programCounter: address, registers }, machine, (at) => (at % 3 === 0 ? undefined : at));
}

/** Numbers that repeat from run to run (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** Where a lie matters: header, tables, and what the readers read. */
function tables(path: string): readonly Stretch[] {
  const file = readFile(path);
  const named = ['.eh_frame_hdr', '.eh_frame', '.dynsym', '.symtab', '.dynstr', '.dynamic', '.shstrtab'];
  const sections = file.sections().filter(({ name }) => named.includes(name));
  const size = file.source.size;
  return [
    { offset: 0, length: 64 },
    { offset: 64, length: 56 * file.segments.length },
    { offset: size - 64 * file.sections().length, length: 64 * file.sections().length },
    ...sections.map(({ offset, sizeBytes }) => ({ offset, length: Math.min(sizeBytes, 4_096) })),
  ];
}

const lies = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

describe('what a hostile file may claim', () => {
  it.each(files)('is survived in $name, and little of it is read', ({ path }) => {
    const original = readFileSync(path);
    const text = readFile(path)
      .sections()
      .find(({ name }) => name === '.text');
    const random = createRandom(20_261_124);
    const offsets = Array.from({ length: 6 }, () => (text?.offset ?? 0) + random(text?.sizeBytes ?? 1));
    for (const { offset, length } of tables(path)) {
      for (let round = 0; round < 60; round += 1) {
        const bytes = Buffer.from(original);
        const changes = 1 + random(4);
        for (let change = 0; change < changes; change += 1) {
          const at = Math.min(offset + random(Math.max(1, length - 4)), bytes.length - 4);
          if (random(2) === 0) bytes.writeUInt8(random(256), at);
          else bytes.writeUInt32LE(lies[random(lies.length)] ?? 0, at);
        }
        expect(askAll(bytes, offsets)).toBeLessThan(original.length * 4 + 2 ** 20);
      }
    }
  });

  it.each(files)('may end anywhere: $name', ({ path }) => {
    const original = readFileSync(path);
    const random = createRandom(7);
    for (let round = 0; round < 60; round += 1) {
      askAll(original.subarray(0, random(original.length)), [4_096, 0x2000, 0x26000]);
    }
  });

  it('may be noise behind a true header', () => {
    const random = createRandom(11);
    const header = readFileSync(libc).subarray(0, 4_096);
    for (let round = 0; round < 20; round += 1) {
      const noise = Uint8Array.from({ length: 100_000 }, () => random(256));
      askAll(Buffer.concat([header, noise]), [100, 50_000, 0x26000]);
    }
  });
});
