import {
  chownSync,
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createJitSymbols } from '../../../src/collect/code-places/jit-symbols.ts';
import { fuzz, fuzzTimeoutMs } from '../../fuzz/fuzz.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

/** We are the process whose map it is. */
const path = `/tmp/perf-${process.pid}.map`;
afterEach(() => rmSync(path, { force: true }));

const find = (text: string, address: number) => {
  writeFileSync(path, text);
  return createJitSymbols(process.pid).find(address);
};

interface Line {
  readonly start: number;
  readonly size: number;
  readonly name: string;
}

/** What a perf map says, read whole. */
function linesOf(file: Buffer): readonly Line[] {
  const lines = file.toString('latin1').split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    const [, start, size, name] = /^(?:0x)?([0-9a-f]{1,16}) (?:0x)?([0-9a-f]{1,12}) (.+)/is.exec(line) ?? [];
    if (start === undefined || size === undefined || name === undefined) return [];
    const text = Buffer.from(name, 'latin1').subarray(0, 256).toString('utf8');
    return [{ start: Number.parseInt(start, 16), size: Number.parseInt(size, 16), name: text }];
  });
}

function lastCovering(lines: readonly Line[], address: number): string | undefined {
  return lines.findLast(({ start, size }) => address >= start && address - start < size)?.name;
}

describe('createJitSymbols', () => {
  it('finds a name, with what spaces and signs it has', () => {
    expect(find('1000 20 one\n2000 40 void Foo::bar(int) const\n', 0x203f)).toEqual({
      name: 'void Foo::bar(int) const',
      start: 0x2000,
    });
  });

  it('takes the line that was written last where code was moved over other code', () => {
    expect(find('1000 100 old\n1080 20 new\n', 0x1090)?.name).toBe('new');
  });

  it('reads on where the file has grown, and anew where it was written anew', () => {
    writeFileSync(path, '1000 20 first\n2000 2');
    const symbols = createJitSymbols(process.pid);
    expect(symbols.find(0x2000)).toBeUndefined();
    writeFileSync(path, '0 second\n', { flag: 'a' });
    expect(symbols.find(0x2000)?.name).toBe('second');
    truncateSync(path, 0);
    writeFileSync(path, '3000 8 third\n');
    expect(symbols.find(0x2000)).toBeUndefined();
    expect(symbols.find(0x3000)?.name).toBe('third');
  });

  it.each([
    ['no file', undefined],
    ['an empty one', ''],
    ['lines of nonsense', 'zz 10 name\n1000\n1000 10\n\n\n1000 -8 name\n'],
    ['a line without end', `1000 10 ${'x'.repeat(2 ** 20)}`],
  ])('has nothing to say of %s', (_, text) => {
    if (text !== undefined) writeFileSync(path, text);
    expect(createJitSymbols(process.pid).find(0x1000)).toBeUndefined();
  });

  it('does not believe a file of another user, nor a link', () => {
    writeFileSync(path, '1000 10 name\n');
    chownSync(path, 65_534, 65_534);
    expect(createJitSymbols(process.pid).find(0x1000)).toBeUndefined();
    rmSync(path);
    const elsewhere = join(temporaryDirectory(), 'map');
    writeFileSync(elsewhere, '1000 10 name\n');
    symlinkSync(elsewhere, path);
    expect(createJitSymbols(process.pid).find(0x1000)).toBeUndefined();
  });

  it('takes no line for another where the whole file is written anew, longer than before', () => {
    writeFileSync(path, '1000 20 first\n2000 20 second\n');
    const symbols = createJitSymbols(process.pid);
    expect(symbols.find(0x2000)?.name).toBe('second');
    writeFileSync(path, '9000 10 in_front\n5000 8 other\n1000 20 first\n3000 10 behind\n');
    expect(symbols.find(0x2000)).toBeUndefined();
    expect(symbols.find(0x1000)?.name).toBe('first');
    expect(symbols.find(0x5000)?.name).toBe('other');
    expect(symbols.find(0x3000)?.name).toBe('behind');
  });

  it('takes the rest of a line that is too long, or was begun before what is read, for none', () => {
    const filler = 'x'.repeat(256 * 1024 - '1000 10 '.length - '00002000 10 '.length + 4);
    expect(find(`1000 10 ${filler}2000 10 rest_of_a_line\n3000 10 next\n`, 0x2000)).toBeUndefined();
    expect(find(`1000 10 ${filler}2000 10 rest_of_a_line\n3000 10 next\n`, 0x3000)?.name).toBe('next');
  });

  it('reads the end of a file of more than 64 MiB, from the first line that begins there', () => {
    const fd = openSync(path, 'w');
    const size = 2 ** 26 + 4_096;
    const line = '1000 10 begins_before_2000 10 what_is_read\n';
    writeSync(fd, line, size - 2 ** 26 - line.indexOf('2000'));
    const last = '\n3000 10 last\n';
    writeSync(fd, last, size - last.length);
    closeSync(fd);
    const symbols = createJitSymbols(process.pid);
    expect(symbols.find(0x2000)).toBeUndefined();
    expect(symbols.find(0x3000)?.name).toBe('last');
  });

  it(
    'finds what the last line that covers the address says, in whatever file',
    async () => {
      const part = (below: (limit: number) => number) =>
        [
          below(0x4000).toString(16),
          ' ',
          below(0x200).toString(16),
          `f${below(100)}`,
          '\n',
          '\n',
          'zz',
          '0x',
          '\x1b[31m',
          '\xff',
          'ffffffffffffffff',
          '-1',
          'x'.repeat(below(1_500)),
        ][below(13)] ?? '';
      const sound = (below: (limit: number) => number) =>
        `${below(0x4000).toString(16)} ${(1 + below(0x200)).toString(16)} f${below(1_000)}\n`;
      await fuzz(
        50,
        60,
        (below) =>
          Array.from({ length: 3 }, () =>
            Array.from({ length: below(40) }, () => (below(3) === 0 ? part(below) : sound(below))).join(''),
          ),
        (contents) => {
          rmSync(path, { force: true });
          writeFileSync(path, '', 'latin1');
          const symbols = createJitSymbols(process.pid);
          for (const [index, content] of contents.entries()) {
            // It grows, and is written anew at last.
            writeFileSync(path, content, { encoding: 'latin1', flag: index === 2 ? 'w' : 'a' });
            const lines = linesOf(readFileSync(path));
            for (let address = 0; address < 0x4200; address += 0x177)
              expect(symbols.find(address)?.name).toBe(lastCovering(lines, address));
          }
        },
      );
    },
    fuzzTimeoutMs,
  );

  it('keeps the last of very many', () => {
    const lines = Array.from(
      { length: 300_000 },
      (_, index) => `${(0x10000 + index * 16).toString(16)} 10 f${index}\n`,
    );
    expect(find(lines.join(''), 0x10000 + 299_999 * 16)?.name).toBe('f299999');
  });
});
