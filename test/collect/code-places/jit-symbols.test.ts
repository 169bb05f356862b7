import { chownSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createJitSymbols } from '../../../src/collect/code-places/jit-symbols.ts';
import { temporaryDirectory } from '../processes.ts';

/** We are the process whose map it is. */
const path = `/tmp/perf-${process.pid}.map`;
afterEach(() => rmSync(path, { force: true }));

const find = (text: string, address: number) => {
  writeFileSync(path, text);
  return createJitSymbols(process.pid).find(address);
};

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

  it('keeps the last of very many', () => {
    const lines = Array.from(
      { length: 300_000 },
      (_, index) => `${(0x10000 + index * 16).toString(16)} 10 f${index}\n`,
    );
    expect(find(lines.join(''), 0x10000 + 299_999 * 16)?.name).toBe('f299999');
  });
});
