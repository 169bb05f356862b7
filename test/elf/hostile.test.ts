import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readBuildId } from '../../src/elf/build-id.ts';
import { readDebugLink } from '../../src/elf/debug-link.ts';
import { readDebugSymbols } from '../../src/elf/debug-symbols.ts';
import { readDynamicModule } from '../../src/elf/dynamic-module.ts';
import { readDynamicSection } from '../../src/elf/dynamic-section.ts';
import { readElfFacts } from '../../src/elf/elf-facts.ts';
import { type ElfFile, readElfFile } from '../../src/elf/elf-file.ts';
import { elfWords } from '../../src/elf/elf-words.ts';
import { addressOfOffset, offsetOfAddress } from '../../src/elf/file-address.ts';
import { createFrameTable } from '../../src/elf/frame-table.ts';
import { parseGoBuildInfo } from '../../src/elf/go-build-info.ts';
import { readSectionBytes } from '../../src/elf/section-bytes.ts';
import { createSymbolTable } from '../../src/elf/symbol-table.ts';
import { unwindFrame } from '../../src/elf/unwind-frame.ts';
import { unwindMachine } from '../../src/elf/unwind-machine.ts';
import { unwindRowAt } from '../../src/elf/unwind-row.ts';
import { windowedBytes } from '../../src/elf/windowed-bytes.ts';
import { createBelow, fuzz, fuzzTimeoutMs } from '../fuzz/fuzz.ts';
import { mutate, type Stretch } from '../fuzz/mutate.ts';
import { buildProgram } from '../programs/build.ts';
import { bytesSource, libc, readFile } from './files.ts';

const files = [
  { name: 'libc', path: libc },
  { name: 'a program', path: buildProgram('call-chain') },
  { name: 'a static program, which has no search table', path: buildProgram('call-chain', ['-static']) },
  { name: 'a 32-bit program', path: buildProgram('call-chain', ['-m32']) },
];
const clockNames = ['clock_gettime', 'gettimeofday', 'time'];

/** Everything that is asked of a file, at some addresses of its code. Returns how many bytes were read for it. */
function askAll(bytes: Uint8Array, offsets: readonly number[]): number {
  const source = bytesSource(bytes);
  const file = readElfFile(source);
  readElfFacts(source);
  if (file === undefined) return source.asked.bytes;
  readBuildId(file);
  readDebugLink(file);
  readSectionBytes(file, '.gnu_debugdata', 2 ** 20);
  const separate = readDebugSymbols(source, file, () => undefined);
  readDynamicSection(file);
  askModule(file);
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

/** As the loader's tables are asked: through windows of pages, by address. */
function askModule(file: ElfFile): void {
  const dynamic = file.segments.find(({ type }) => type === 2);
  const read = windowedBytes((at, length) => {
    const offset = offsetOfAddress(file, at);
    return offset === undefined ? new Uint8Array() : file.source.read(offset, length);
  });
  const words = elfWords(file.bits, file.little);
  parseGoBuildInfo(read, dynamic?.address ?? 0, words);
  const module = readDynamicModule({
    read,
    words,
    machine: file.machine,
    dynamic: dynamic?.address ?? 0,
    dynamicBytes: dynamic?.fileBytes ?? 0,
    base: 0,
  });
  for (const name of clockNames) module?.define(name);
  module?.slots(new Set(clockNames));
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

/** Where a lie matters: header, tables, and what the readers read. */
function tables(path: string): readonly Stretch[] {
  const file = readFile(path);
  const named = [
    '.eh_frame_hdr',
    '.eh_frame',
    '.dynsym',
    '.symtab',
    '.dynstr',
    '.dynamic',
    '.shstrtab',
    '.gnu.hash',
    '.hash',
    '.gnu.version',
    '.gnu.version_d',
    '.rela.dyn',
    '.note.gnu.build-id',
    '.gnu_debuglink',
  ];
  const sections = file.sections().filter(({ name }) => named.includes(name));
  const size = file.source.size;
  return [
    { offset: 0, length: 64 },
    { offset: 64, length: 56 * file.segments.length },
    { offset: size - 64 * file.sections().length, length: 64 * file.sections().length },
    ...sections.map(({ offset, sizeBytes }) => ({ offset, length: Math.min(sizeBytes, 4_096) })),
  ];
}

function someCode(path: string, count: number, salt: number): readonly number[] {
  const below = createBelow(salt);
  const text = readFile(path)
    .sections()
    .find(({ name }) => name === '.text');
  return Array.from({ length: count }, () => (text?.offset ?? 0) + below(text?.sizeBytes ?? 1));
}

/** Pairs of address and name as binutils reads them, versions left out. */
function trueNames(path: string): ReadonlySet<string> {
  const lines = ['-D', ''].flatMap((flag) =>
    execFileSync('nm', [...(flag ? [flag] : []), '--defined-only', path], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split('\n'),
  );
  return new Set(
    lines.map((line) => {
      const [address = '', , name = ''] = line.split(' ');
      return `${Number.parseInt(address, 16)} ${name.replace(/@.*/, '')}`;
    }),
  );
}

describe('what a hostile file may claim', () => {
  it.each(files)(
    'is survived in $name, and little of it is read',
    async ({ path }) => {
      const original = readFileSync(path);
      const offsets = someCode(path, 6, 1);
      for (const [index, stretch] of tables(path).entries()) {
        await fuzz(
          100 + index,
          6,
          (below) => mutate(original, below, { where: [stretch], lengthStays: true }),
          (bytes) => expect(askAll(bytes, offsets)).toBeLessThan(original.length * 4 + 2 ** 20),
        );
      }
    },
    fuzzTimeoutMs,
  );

  it.each(files)(
    'may have bytes taken out, doubled and moved anywhere: $name',
    async ({ path }) => {
      const original = readFileSync(path);
      await fuzz(
        2,
        30,
        (below) => mutate(original, below, { where: [...tables(path), { offset: 0, length: original.length }] }),
        (bytes) => expect(askAll(bytes, [4_096, 0x2000, 0x26000])).toBeLessThan(original.length * 4 + 2 ** 20),
      );
    },
    fuzzTimeoutMs,
  );

  it(
    'may be noise behind a true header',
    async () => {
      const header = readFileSync(libc).subarray(0, 4_096);
      await fuzz(
        3,
        20,
        (below) => Buffer.concat([header, Uint8Array.from({ length: 100_000 }, () => below(256))]),
        (bytes) => {
          askAll(bytes, [100, 50_000, 0x26000]);
        },
      );
    },
    fuzzTimeoutMs,
  );
});

describe('a file that ends too early', () => {
  it.each(files)(
    'gives no name but a true one, wherever it ends: $name',
    async ({ path }) => {
      const original = readFileSync(path);
      const truth = trueNames(path);
      const offsets = someCode(path, 20, 4);
      const stretches = tables(path);
      const ends = Array.from({ length: 160 }, (_, end) => end);
      const check = (end: number) => {
        const bytes = original.subarray(0, end);
        askAll(bytes, offsets.slice(0, 2));
        const file = readElfFile(bytesSource(bytes));
        if (file === undefined) return;
        const symbols = createSymbolTable(file);
        for (const offset of offsets) {
          const found = symbols.find(addressOfOffset(file, offset) ?? offset);
          if (found === undefined) continue;
          const told = `${found.address} ${Buffer.from(found.name).toString('latin1')}`;
          expect(truth.has(told), told).toBe(true);
        }
      };
      for (const end of ends) check(end);
      await fuzz(
        5,
        60,
        (below) => {
          const { offset, length } = stretches[below(stretches.length)] ?? { offset: 0, length: original.length };
          return below(2) === 0 ? offset + below(length) : below(original.length);
        },
        check,
      );
    },
    fuzzTimeoutMs,
  );

  it(
    'gives no half of a name where its table of names is said to end in the midst of it',
    async () => {
      const path = files[1]?.path ?? '';
      const original = readFileSync(path);
      const truth = trueNames(path);
      const tableAt = Number(original.readBigUInt64LE(40));
      const sections = readFile(path).sections();
      const index = sections.findIndex(({ name }) => name === '.strtab');
      const offsets = someCode(path, 20, 4);
      let found = 0;
      await fuzz(
        6,
        100,
        (below) => below(sections[index]?.sizeBytes ?? 1),
        (sizeBytes) => {
          const bytes = Buffer.from(original);
          bytes.writeBigUInt64LE(BigInt(sizeBytes), tableAt + 64 * index + 32);
          const file = readElfFile(bytesSource(bytes));
          if (file === undefined) throw new Error('its header is as it was');
          const symbols = createSymbolTable(file);
          for (const offset of offsets) {
            const symbol = symbols.find(addressOfOffset(file, offset) ?? offset);
            if (symbol === undefined) continue;
            found += 1;
            const told = `${symbol.address} ${Buffer.from(symbol.name).toString('latin1')}`;
            expect(truth.has(told), told).toBe(true);
          }
        },
      );
      expect(found).toBeGreaterThan(100);
    },
    fuzzTimeoutMs,
  );

  it('has names to be found at all, and half a name is none', () => {
    const [, program] = files;
    const path = program?.path ?? '';
    const file = readFile(path);
    const named = someCode(path, 20, 4).filter(
      (offset) => createSymbolTable(file).find(addressOfOffset(file, offset) ?? offset) !== undefined,
    );
    expect(named.length).toBeGreaterThan(10);
    const strings = file.sections().find(({ name }) => name === '.dynstr');
    const within = (strings?.offset ?? 0) + (strings?.sizeBytes ?? 0) / 2;
    const cut = readElfFile(bytesSource(readFileSync(path).subarray(0, within)));
    const needed = cut === undefined ? [] : readDynamicSection(cut).needed;
    for (const name of needed) expect(['', 'libc.so.6']).toContain(name);
  });
});
