import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { libcOfName } from '../../../src/collect/program/libc-name.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { compile, start, until, value } from '../processes.ts';

const glibcVersion = execFileSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' }).trim().split(' ')[1];
const muslVersion = /Version ([\d.]+)/.exec(
  execFileSync('sh', ['-c', '/lib/ld-musl-*.so.1 2>&1 || true'], { encoding: 'utf8' }),
)?.[1];

async function libcOf(program: string) {
  const process = await start(program);
  // Asleep in pause(): until then a loader may still map the libc.
  await until(() => /^State:\s+S/m.test(readFileSync(`/proc/${process.pid}/status`, 'latin1')));
  const { libc, linkage } = collectTarget(process.pid);
  await process.end();
  return { libc: value(libc), linkage: value(linkage) };
}

function stripped(program: string): string {
  execFileSync('strip', ['-o', `${program}.stripped`, program]);
  return `${program}.stripped`;
}

describe('the libc of a program that maps it', () => {
  it("is glibc, of getconf's version", async () => {
    expect(await libcOf(compile(temporaryDirectory(), 'wait'))).toEqual({
      libc: { name: 'glibc', version: glibcVersion, path: expect.stringMatching(/\/libc(\.so\.6|-2\.\d+\.so)$/) },
      linkage: 'dynamic',
    });
  });

  it('is the 32-bit glibc of a 32-bit program', async () => {
    skipUnlessRuns(['-m32']);
    const { libc } = await libcOf(compile(temporaryDirectory(), 'wait', ['-m32']));
    expect(libc).toMatchObject({ name: 'glibc', version: glibcVersion });
    expect(libc.path).toContain('32');
  });

  it("is musl, of its loader's version", async () => {
    expect(muslVersion).toMatch(/^1\.\d+\.\d+$/);
    expect(await libcOf(compile(temporaryDirectory(), 'wait', [], 'musl-gcc'))).toMatchObject({
      libc: { name: 'musl', version: muslVersion },
      linkage: 'dynamic',
    });
  });

  it("is klibc, whose library is the program's interpreter", async () => {
    const { libc, linkage } = await libcOf(compileWithKlibc(['-shared']));
    expect(libc).toEqual({ name: 'klibc', path: expect.stringMatching(/\/klibc-[\w-]+\.so$/) });
    expect(linkage).toBe('dynamic');
  });

  it('keeps its version when the program lies in a root of its own and its files were deleted', async () => {
    const directory = temporaryDirectory();
    const program = compile(directory, 'wait');
    copyIntoRoot(directory, program);
    const process = await start('chroot', [directory, '/wait']);
    // chroot maps a libc too, before it becomes the program.
    await until(() => readFileSync(`/proc/${process.pid}/comm`, 'latin1') === 'wait\n');
    await until(() => /\/libc\.so\.6$/m.test(readFileSync(`/proc/${process.pid}/maps`, 'latin1')));
    for (const file of ['wait', 'lib64', 'lib']) rmSync(join(directory, file), { recursive: true });
    const { libc } = collectTarget(process.pid);
    expect(libc).toMatchObject({ value: { name: 'glibc', version: glibcVersion } });
    await process.end();
  });
});

/** A program and what it needs, as a container image has them. */
function copyIntoRoot(root: string, program: string): void {
  const needed = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const path of needed) execFileSync('cp', ['--parents', '-L', path, root]);
  if (program !== join(root, 'wait')) copyFileSync(program, join(root, 'wait'));
}

function compileWithKlibc(flags: readonly string[]): string {
  const directory = temporaryDirectory();
  const program = join(directory, 'wait');
  execFileSync('klcc', [...flags, '-o', program, join(import.meta.dirname, '..', '..', 'programs', 'wait.c')]);
  return program;
}

function compileWithDietlibc(): string {
  const program = join(temporaryDirectory(), 'wait');
  execFileSync('diet', ['gcc', '-o', program, join(import.meta.dirname, '..', '..', 'programs', 'wait.c')]);
  return program;
}

describe('the libc inside a static program', () => {
  const programs = [
    { name: 'glibc', build: () => compile(temporaryDirectory(), 'wait', ['-static']) },
    { name: 'glibc', build: () => compile(temporaryDirectory(), 'wait', ['-static-pie']) },
    { name: 'glibc', flags: ['-m32'], build: () => compile(temporaryDirectory(), 'wait', ['-m32', '-static']) },
    { name: 'musl', build: () => compile(temporaryDirectory(), 'wait', ['-static'], 'musl-gcc') },
    { name: 'klibc', build: () => compileWithKlibc([]) },
    { name: 'dietlibc', build: () => compileWithDietlibc() },
    { name: 'none', build: () => compile(temporaryDirectory(), 'no-library', ['-nostdlib', '-static']) },
  ] as const;

  it.each(programs)('is told by its symbols: $name', async ({ name, build, ...built }) => {
    skipUnlessRuns('flags' in built ? built.flags : []);
    expect(await libcOf(build())).toEqual({ libc: { name }, linkage: 'static' });
  });

  it('is still glibc when stripped, by its sections, and not guessed of others', async () => {
    const glibc = stripped(compile(temporaryDirectory(), 'wait', ['-static']));
    const musl = stripped(compile(temporaryDirectory(), 'wait', ['-static'], 'musl-gcc'));
    const none = stripped(compile(temporaryDirectory(), 'no-library', ['-nostdlib', '-static']));
    expect((await libcOf(glibc)).libc).toEqual({ name: 'glibc' });
    expect((await libcOf(musl)).libc).toEqual({ name: 'unknown' });
    expect((await libcOf(none)).libc).toEqual({ name: 'unknown' });
  });
});

describe('the name of a libc', () => {
  it.each([
    ['/usr/lib/x86_64-linux-gnu/libc.so.6', 'glibc'],
    ['/lib/x86_64-linux-gnu/libc-2.31.so', 'glibc'],
    ['/lib/ld-musl-aarch64.so.1', 'musl'],
    ['/usr/lib/x86_64-linux-musl/libc.so', 'musl'],
    ['/lib/libuClibc-1.0.45.so', 'uclibc'],
    ['/apex/com.android.runtime/lib64/bionic/libc.so', 'bionic'],
    ['/usr/lib/klibc-XX6cASCB7KZyJWpIJW79y94XHBY.so', 'klibc'],
    ['/usr/lib/libcrypto.so.3', undefined],
    ['/opt/app/libc.so', undefined],
    ['/usr/lib/libcap.so.2', undefined],
  ])('%s is %s', (path, name) => expect(libcOfName(path)).toBe(name));
});
