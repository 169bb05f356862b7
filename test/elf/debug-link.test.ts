import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readDebugLink } from '../../src/elf/debug-link.ts';
import { readElfFile } from '../../src/elf/elf-file.ts';
import { buildProgram } from '../programs/build.ts';
import { bytesSource, libc, readFile } from './files.ts';

const directory = mkdtempSync(join(tmpdir(), 'vdsotop-debug-link-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A program that names `fileName` as its debug file, as objcopy does it. */
function linkTo(fileName: string, flags: readonly string[] = []): { program: string; debugFile: string } {
  const debugFile = join(directory, fileName);
  writeFileSync(debugFile, `symbols of ${fileName}`);
  const program = join(directory, `to-${fileName}`);
  copyFileSync(buildProgram('call-chain', flags), program);
  execFileSync('objcopy', [`--add-gnu-debuglink=${debugFile}`, program]);
  return { program, debugFile };
}

describe('readDebugLink', () => {
  it.each(['a', 'ab', 'abc', 'abcd', 'long-name-1.2.3.debug'])('reads what objcopy wrote: %s', (fileName) => {
    for (const flags of [[], ['-m32']]) {
      const { program, debugFile } = linkTo(fileName, flags);
      expect(readDebugLink(readFile(program))).toEqual({ fileName, crc32: crc32(readFileSync(debugFile)) });
    }
  });

  it('is nothing where there is none', () => {
    expect(readDebugLink(readFile(buildProgram('call-chain')))).toBeUndefined();
    expect(readDebugLink(readFile(libc))?.fileName).toMatch(/\.debug$/);
  });

  it.each([
    ['a path', '../../../etc/shadow'],
    ['the folder itself', '.'],
    ['the one above', '..'],
    ['no name', ''],
  ])('does not believe %s', (_, name) => {
    const { program } = linkTo('abcdefghijklmnopqrstuvwxyz');
    const bytes = readFileSync(program);
    const at = bytes.indexOf('abcdefghijklmnopqrstuvwxyz\0');
    bytes.fill(0, at, at + 26);
    bytes.write(name, at, 'latin1');
    const file = readElfFile(bytesSource(bytes));
    expect(file && readDebugLink(file)).toBeUndefined();
  });
});
