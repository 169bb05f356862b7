import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readElfFile } from '../../src/elf/elf-file.ts';
import { createSymbolTable } from '../../src/elf/symbol-table.ts';
import { buildProgram } from '../programs/build.ts';
import { bytesSource, libc, readFile } from './files.ts';

interface Listed {
  readonly address: number;
  readonly size: number;
  readonly name: string;
}

/** The functions that readelf lists, with their size. */
function listed(path: string, table: string): readonly Listed[] {
  const text = execFileSync('readelf', ['-W', table, path], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const lines = text.matchAll(/^ +\d+: ([0-9a-f]+) +(\d+) I?FUNC +\S+ +\S+ +\d+ ([^\s@]+)/gm);
  return [...lines].map(([, address = '', size, name = '']) => ({
    address: Number.parseInt(address, 16),
    size: Number(size),
    name,
  }));
}

/** SHT_NOBITS and SHF_COMPRESSED of elf(5). */
const nothingInFile = 8;
const compressedFlag = 0x800;

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('createSymbolTable', () => {
  it.each([
    ["libc's .dynsym", libc, '--dyn-syms'],
    ['.symtab of a static program', buildProgram('call-chain', ['-static']), '--syms'],
    ['.symtab of a 32-bit program', buildProgram('call-chain', ['-m32']), '--syms'],
  ])('finds each function of %s at its first, a middle and its last byte', (_, path, which) => {
    const table = createSymbolTable(readFile(path));
    const functions = listed(path, which).filter(({ size }) => size > 0);
    const namesAt = Map.groupBy(functions, ({ address }) => address);
    expect(functions.length).toBeGreaterThan(5);
    for (const { address, size } of functions) {
      for (const at of [address, address + (size >> 1), address + size - 1]) {
        const found = table.find(at);
        // Functions inside others (aliases of parts) are nearer than the one asked for.
        expect(found?.address, at.toString(16)).toBeGreaterThanOrEqual(address);
        expect((namesAt.get(found?.address ?? -1) ?? []).map(({ name }) => name)).toContain(text(found?.name));
      }
    }
  });

  it('names nothing between functions', () => {
    const functions = listed(libc, '--dyn-syms').filter(({ size }) => size > 0);
    const table = createSymbolTable(readFile(libc));
    const covered = (at: number) => functions.some(({ address, size }) => at >= address && at < address + size);
    const gaps = functions.map(({ address, size }) => address + size).filter((at) => !covered(at));
    expect(gaps.length).toBeGreaterThan(1_000);
    expect(gaps.filter((at) => table.find(at) !== undefined)).toEqual([]);
  });

  it('prefers the name that programs use', () => {
    const table = createSymbolTable(readFile(libc));
    const address = listed(libc, '--dyn-syms').find(({ name }) => name === '__clock_gettime')?.address;
    expect(text(table.find(address ?? 0)?.name)).toBe('clock_gettime');
  });

  it('takes no names from where a section says that no strings are', () => {
    const path = buildProgram('call-chain', ['-static']);
    const bytes = readFileSync(path);
    const whole = readFile(path);
    const strings = whole.sections().findIndex(({ name }) => name === '.strtab');
    const main = listed(path, '--syms').find(({ name }) => name === 'main')?.address ?? 0;
    const header = Number(bytes.readBigUInt64LE(40)) + strings * 64;
    const changed = (at: number, value: number) => {
      const other = Buffer.from(bytes);
      other.writeUInt32LE(value, header + at);
      const file = readElfFile(bytesSource(other));
      return file && createSymbolTable(file).find(main);
    };
    expect(text(createSymbolTable(whole).find(main)?.name)).toBe('main');
    expect(changed(4, nothingInFile)).toBeUndefined();
    expect(changed(8, compressedFlag)).toBeUndefined();
  });

  it('has nothing to say of a file without symbols', () => {
    const file = readFile(buildProgram('call-chain', ['-static', '-s']));
    const entry = file.sections().find(({ name }) => name === '.text')?.address ?? 0;
    expect(createSymbolTable(file).find(entry)).toBeUndefined();
  });
});
