import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ElfFile, readElfFile } from '../../src/elf/elf-file.ts';
import { createFrameTable } from '../../src/elf/frame-table.ts';
import { type UnwindRow, unwindRowAt } from '../../src/elf/unwind-row.ts';
import { buildProgram } from '../programs/build.ts';
import { bytesSource, libc, readFile } from './files.ts';

const registerNames = {
  64: ['rax', 'rdx', 'rcx', 'rbx', 'rsi', 'rdi', 'rbp', 'rsp', 'r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'],
  32: ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'],
};

interface ListedRow {
  readonly address: number;
  readonly frameAddress: string;
  readonly saved: Readonly<Record<string, string>>;
}

/** The rows of `readelf --debug-dump=frames-interp`: a head line of columns, then a line for each location. */
function listedRows(path: string): readonly ListedRow[] {
  // It complains of entries that it has no name for, and ends with 1.
  const { stdout: output } = spawnSync('readelf', ['--debug-dump=frames-interp', path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
  });
  let columns: readonly string[] = [];
  let insideEntry = false;
  const rows: ListedRow[] = [];
  for (const line of output.split('\n')) {
    if (/ (FDE|CIE) /.test(line)) insideEntry = line.includes(' FDE ');
    const fields = line
      .trim()
      .replaceAll(/r\d+ \(\w+\)/g, 'register')
      .split(/ +/);
    if (fields[0] === 'LOC') columns = fields.slice(2);
    else if (insideEntry && /^[0-9a-f]{8,16} /.test(line) && !/pc=|ZERO/.test(line)) {
      const [address = '', frameAddress = '', ...values] = fields;
      const saved = Object.fromEntries(columns.map((name, index) => [name, values[index] ?? '']));
      rows.push({ address: Number.parseInt(address, 16), frameAddress, saved });
    }
  }
  return rows;
}

/** As readelf writes it: 'rsp+16', 'exp'. */
function writeFrameAddress({ frameAddress }: UnwindRow, bits: 32 | 64): string {
  if ('expression' in frameAddress) return 'exp';
  const { register, offset } = frameAddress;
  return `${registerNames[bits][register]}${offset < 0 ? '' : '+'}${offset}`;
}

function writeRule(row: UnwindRow, register: number): string {
  const rule = row.rules.get(register);
  if (rule === undefined) return 'u';
  if (rule.kind === 'saved') return `c${rule.offset < 0 ? '' : '+'}${rule.offset}`;
  if (rule.kind === 'saved-at-expression') return 'exp';
  return rule.kind === 'undefined' ? 'u' : rule.kind;
}

function compare(file: ElfFile, rows: readonly ListedRow[]): void {
  const frames = createFrameTable(file);
  for (const { address, frameAddress, saved } of rows) {
    const entry = frames.find(address);
    const row = entry && unwindRowAt(entry, address, file.bits);
    const where = address.toString(16);
    expect(row && writeFrameAddress(row, file.bits), where).toBe(frameAddress);
    if (row === undefined) continue;
    for (const [name, value] of Object.entries(saved)) {
      const register = name === 'ra' ? row.returnRegister : registerNames[file.bits].indexOf(name);
      // r… : kept in another register; s: same value, as one without rule.
      if (register >= 0 && /^(c|exp)/.test(value)) expect(writeRule(row, register), `${where} ${name}`).toBe(value);
    }
  }
}

const programs = [
  { name: 'libc', path: libc },
  { name: 'a static program', path: buildProgram('call-chain', ['-static']) },
  { name: 'a 32-bit program', path: buildProgram('call-chain', ['-m32']) },
];

describe('unwindRowAt', () => {
  it.each(programs)('has every row of $name as readelf has it', ({ path }) => {
    // A row is one that code stands in: readelf lists also those that the next one replaces at the same place.
    const rows = listedRows(path).filter(({ address }, index, all) => all[index + 1]?.address !== address);
    expect(rows.length).toBeGreaterThan(30);
    compare(readFile(path), rows);
  });

  it('finds the same without a search table, by reading .eh_frame from its start', () => {
    const path = buildProgram('call-chain');
    const rows = listedRows(path);
    const file = readFile(path);
    const withoutHeader = { ...file, segments: file.segments.filter(({ type }) => type !== 0x6474_e550) };
    compare(withoutHeader, rows);
  });

  it('has none where no function is', () => {
    const file = readFile(libc);
    const frames = createFrameTable(file);
    for (const address of [0, 1, 2 ** 40, file.sections().find(({ name }) => name === '.rodata')?.address ?? 0]) {
      expect(frames.find(address)).toBeUndefined();
    }
  });

  it('believes no table that says more than is there', () => {
    const bytes = readFileSync(libc);
    const header = readFile(libc).segments.find(({ type }) => type === 0x6474_e550);
    const entries =
      readFile(libc)
        .sections()
        .find(({ name }) => name === '.text')?.address ?? 0;
    const lying = Buffer.from(bytes);
    // The count of the search table, after four encodings and .eh_frame's address.
    lying.writeUInt32LE(0xffff_ffff, (header?.offset ?? 0) + 8);
    const source = bytesSource(lying);
    const file = readElfFile(source);
    expect(file && createFrameTable(file).find(entries + 64)?.start).toBe(
      createFrameTable(readFile(libc)).find(entries + 64)?.start,
    );
    expect(source.asked.bytes).toBeLessThan(2 ** 20);
  });
});
