import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createPrivateFile } from '../../src/capsule/create-private-file.ts';
import { writePrivateFile } from '../../src/capsule/write-private-file.ts';
import { skipUnless } from '../skip-unless.ts';

const isRoot = process.geteuid?.() === 0;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vdsotop-private-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function withUmask(mask: number): void {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
}

it.each([0o000, 0o022, 0o777])('creates a file that only its owner reads and writes, under umask %o', (mask) => {
  const path = join(folder(), 'shot.svg');
  withUmask(mask);
  const descriptor = createPrivateFile(path);
  writeFileSync(descriptor, 'hello');
  closeSync(descriptor);
  expect(lstatSync(path).mode & 0o7777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toBe('hello');
});

it('leaves a file that is there as it is', () => {
  const path = join(folder(), 'shot.svg');
  writeFileSync(path, 'yesterday');
  expect(() => writePrivateFile(path, ['today'])).toThrow(/EEXIST/);
  expect(readFileSync(path, 'utf8')).toBe('yesterday');
});

it('never writes through a symbolic link, whether it leads somewhere or not', () => {
  const here = folder();
  const victim = join(here, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(here, 'to-file'));
  symlinkSync(join(here, 'nowhere'), join(here, 'to-nothing'));
  expect(() => writePrivateFile(join(here, 'to-file'), ['x'])).toThrow(/EEXIST/);
  expect(() => writePrivateFile(join(here, 'to-nothing'), ['x'])).toThrow(/EEXIST/);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(existsSync(join(here, 'nowhere'))).toBe(false);
});

it('gives the file to the user it is for', () => {
  skipUnless(isRoot, 'only root may give a file away');
  const path = join(folder(), 'shot.svg');
  writePrivateFile(path, ['x'], { uid: 65_534, gid: 65_533 });
  expect(lstatSync(path)).toMatchObject({ uid: 65_534, gid: 65_533 });
  expect(lstatSync(path).mode & 0o7777).toBe(0o600);
});

it('leaves nothing behind where the file may not be given away', () => {
  skipUnless(!isRoot, 'root may always give a file away');
  const path = join(folder(), 'shot.svg');
  expect(() => writePrivateFile(path, ['x'], { uid: 0, gid: 0 })).toThrow(/EPERM/);
  expect(existsSync(path)).toBe(false);
});

it('leaves nothing behind when there is no room for all of it', () => {
  const path = join(folder(), 'shot.svg');
  const module = resolve(import.meta.dirname, '../../src/capsule/write-private-file.ts');
  const script = `import { writePrivateFile } from ${JSON.stringify(module)};
    try { writePrivateFile(${JSON.stringify(path)}, ['x'.repeat(100_000)]); } catch (error) { console.log(error.code); }`;
  // One block of 512 or 1024 bytes is all that a file may grow to; the signal that says so is ignored.
  const limited = ['-c', `trap '' XFSZ; ulimit -f 1; exec "$0" --input-type=module-typescript -e "$1"`];
  const { stdout } = spawnSync('sh', [...limited, process.execPath, script], { encoding: 'utf8' });
  expect(stdout).toBe('EFBIG\n');
  expect(existsSync(path)).toBe(false);
});
