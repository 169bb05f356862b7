import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/rig/statistics.ts';
import { readDynamicModule } from '../../src/elf/dynamic-module.ts';
import { readElfFile } from '../../src/elf/elf-file.ts';
import { elfWords } from '../../src/elf/elf-words.ts';
import { parseGoBuildInfo } from '../../src/elf/go-build-info.ts';
import { fileByAddress } from '../../src/elf/read-bytes.ts';
import { windowedBytes } from '../../src/elf/windowed-bytes.ts';

const glibc = readFileSync(
  ['/lib/x86_64-linux-gnu/libc.so.6', '/lib/aarch64-linux-gnu/libc.so.6', '/lib64/libc.so.6'].find(readable) ?? '',
);

function readable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

function moduleOf(bytes: Buffer) {
  const read = (offset: number, length: number) => bytes.subarray(offset, offset + length);
  const file = readElfFile({ size: bytes.length, read });
  const dynamic = file?.segments.find(({ type }) => type === 2);
  if (file === undefined || dynamic === undefined) return undefined;
  return readDynamicModule({
    read: fileByAddress(file),
    words: elfWords(file.bits, file.little),
    machine: file.machine,
    dynamic: dynamic.address,
    dynamicBytes: dynamic.fileBytes,
    base: 0,
  });
}

/** Half a megabyte of relocations, a hash chain of thousands and a thousand versions, all of the name 'time'. */
function hostileModule() {
  const [dynamic, strings, hash, symbols, versions, relocations] = [0x1000, 0x2000, 0x3000, 0x40000, 0x80000, 0x100000];
  const memory = Buffer.alloc(0x200000);
  const entries = [
    [5, strings],
    [6, symbols],
    [7, relocations],
    [8, 512 * 1024],
    [0x6fff_fef5, hash],
    [0x6fff_fff0, symbols + 0x30000],
    [0x6fff_fffc, versions],
    [0x6fff_fffd, 1_024],
  ];
  for (const [index, [tag = 0, value = 0]] of entries.entries()) {
    memory.writeBigUInt64LE(BigInt(tag), dynamic + 16 * index);
    memory.writeBigUInt64LE(BigInt(value), dynamic + 16 * index + 8);
  }
  memory.write('time\0', strings + 8);
  // One bucket, whose chain begins with symbol 1 and has no end.
  for (const [index, word] of [1, 1, 1, 6, 0, 0, 1].entries()) memory.writeUInt32LE(word, hash + 4 * index);
  for (let at = 0; at < 20_000; at += 1) memory.writeUInt32LE(gnuHashOf('time') & ~1, hash + 28 + 4 * at);
  for (let index = 0; index < 5_000; index += 1) {
    memory.writeUInt32LE(8, symbols + 24 * index);
    memory.writeUInt8(0x12, symbols + 24 * index + 4);
    memory.writeUInt16LE(1, symbols + 24 * index + 6);
    memory.writeUInt16LE(1_025, symbols + 0x30000 + 2 * index);
  }
  for (let index = 0; index < 1_024; index += 1) {
    memory.writeUInt16LE(index + 2, versions + 20 * index + 4);
    memory.writeUInt32LE(20, versions + 20 * index + 16);
  }
  for (let index = 0; index < 21_845; index += 1) {
    memory.writeUInt32LE(6, relocations + 24 * index + 8);
    memory.writeUInt32LE(1 + (index % 4_000), relocations + 24 * index + 12);
  }
  let count = 0;
  const read = (at: number, length: number) => {
    count += 1;
    return memory.subarray(at, at + length);
  };
  const words = elfWords(64, true);
  const module = readDynamicModule({ read, words, machine: 62, dynamic, dynamicBytes: 4_096, base: 0 });
  return { module, reads: () => count };
}

function gnuHashOf(name: string): number {
  return [...name].reduce((hash, letter) => (Math.imul(hash, 33) + letter.charCodeAt(0)) >>> 0, 5_381);
}

describe("a library's dynamic tables", () => {
  it('define what it exports, with the version', () => {
    const libc = moduleOf(glibc);
    expect(libc?.soname).toBe('libc.so.6');
    expect(libc?.needed.join()).toMatch(/^ld-linux/);
    const [definition] = libc?.define('clock_gettime') ?? [];
    expect(definition?.version).toMatch(/^GLIBC_2\.\d+/);
    expect(definition?.sizeBytes).toBeGreaterThan(0);
    expect(libc?.define('no_such_function')).toEqual([]);
  });

  it('are survived in any state: bytes overwritten, cut off, or lying about sizes', () => {
    const random = seededRandom(20_261_124);
    const head = Buffer.from(glibc.subarray(0, 256 * 1024));
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(round % 3 === 0 ? glibc.subarray(0, Math.floor(random() * 256 * 1024)) : head);
      // The header, the program headers and the tables lie in the first pages.
      for (let hit = 0; hit < 40; hit += 1)
        bytes[Math.floor(random() * Math.min(bytes.length, 40_000))] = random() * 256;
      const libc = moduleOf(bytes);
      libc?.define('clock_gettime');
      libc?.slots(new Set(['clock_gettime']));
    }
  });

  it('take a bounded look, where every symbol is the one that is looked for', () => {
    const { module, reads } = hostileModule();
    expect(module?.slots(new Set(['time']))).toHaveLength(1_024);
    const before = reads();
    expect(module?.define('time').length).toBeGreaterThan(1);
    expect(reads() - before).toBeLessThan(4_000);
  });

  it('end where a hash chain or a table of versions would not', () => {
    const ones = Buffer.alloc(64 * 1024, 1);
    const words = elfWords(64, true);
    const dynamic = Buffer.alloc(16 * 8);
    for (const [index, tag] of [5, 6, 0x6fff_fef5, 0x6fff_fff0, 0x6fff_fffc, 0x6fff_fffd].entries()) {
      dynamic.writeBigUInt64LE(BigInt(tag), index * 16);
      dynamic.writeBigUInt64LE(4_096n, index * 16 + 8);
    }
    const read = (at: number, length: number) =>
      at === 0 ? dynamic.subarray(0, length) : ones.subarray(at % 512, (at % 512) + length);
    const module = readDynamicModule({ read, words, machine: 62, dynamic: 0, dynamicBytes: 2 ** 40, base: 0 });
    expect(module?.define('clock_gettime')).toEqual([]);
  });
});

describe('windowed bytes', () => {
  it('are those of the source, across windows, and none outside', () => {
    const source = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
    const read = windowedBytes((at, length) => source.subarray(at, at + length));
    for (const [at, length] of [
      [0, 8],
      [4_090, 12],
      [9_990, 100],
      [5_000, 5_000],
      [20_000, 4],
    ] as const)
      expect(Buffer.from(read(at, length))).toEqual(source.subarray(at, at + length));
    expect(read(-1, 4)).toHaveLength(0);
    expect(read(Number.NaN, 4)).toHaveLength(0);
    expect(read(0, 2 ** 40)).toEqual(source);
  });
});

describe("Go's build information", () => {
  const words = elfWords(64, true);
  const parse = (blob: Buffer) => parseGoBuildInfo((at, length) => blob.subarray(at, at + length), 0, words);
  const header = (flags: number) =>
    Buffer.concat([Buffer.from('\xff Go buildinf:', 'latin1'), Buffer.from([8, flags]), Buffer.alloc(16)]);
  const inline = (text: string) =>
    Buffer.concat([
      Buffer.from([
        (text.length & 0x7f) | (text.length > 127 ? 0x80 : 0),
        ...(text.length > 127 ? [text.length >> 7] : []),
      ]),
      Buffer.from(text, 'latin1'),
    ]);

  it('has version and cgo in line since 1.18', () => {
    const module = `path\tx\nbuild\t-compiler=gc\nbuild\tCGO_ENABLED=0\n${' '.repeat(200)}`;
    expect(parse(Buffer.concat([header(2), inline('go1.21.5'), inline(module)]))).toEqual({
      version: '1.21.5',
      cgo: false,
    });
  });

  it('has pointers to strings before', () => {
    const blob = Buffer.concat([header(0), Buffer.alloc(64)]);
    blob.writeBigUInt64LE(40n, 16);
    blob.writeBigUInt64LE(56n, 40);
    blob.writeBigUInt64LE(8n, 48);
    blob.write('go1.16.3', 56);
    expect(parse(blob)).toEqual({ version: '1.16.3' });
  });

  it('is not believed where it lies', () => {
    expect(parse(Buffer.from('no such thing at all, but long enough'))).toBeUndefined();
    expect(parse(Buffer.concat([header(2), Buffer.alloc(16, 0xff)]))).toBeUndefined();
    expect(parse(Buffer.concat([header(2), inline('\x1b[31mhello'), inline('')]))).toBeUndefined();
    expect(parse(header(0).fill(0xee, 16))).toBeUndefined();
  });
});
