import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFileSource } from '../../../src/collect/code-places/file-source.ts';
import { findDebugFile } from '../../../src/collect/code-places/find-debug-file.ts';
import { type ElfFile, readElfFile } from '../../../src/elf/elf-file.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { start } from '../processes.ts';
import { pathByBuildId, type StrippedProgram, stripProgram } from './stripped-program.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const withoutId = ['-Wl,--build-id=none'];

function fileOf(path: string): ElfFile {
  const source = createFileSource(openSync(path, 'r'));
  closing.push(() => source.close());
  const file = readElfFile(source);
  if (file === undefined) throw new Error(`${path} is no ELF file`);
  return file;
}

/** What is found for a program whose process sees `root` as its root, and itself as `path` in it. */
function find({ path }: StrippedProgram, root = dirname(path), as = '/bin/chain') {
  const found = findDebugFile(processWith(root), as, fileOf(path));
  if ('value' in found) closing.push(found.value.close);
  return found;
}

/** A folder like /proc/PID, whose root is that one. */
function processWith(root: string): string {
  const directory = temporaryDirectory();
  symlinkSync(root, join(directory, 'root'));
  return directory;
}

/** The name that the symbols of a debug file give to the place where the whole program has `name`. */
function nameAt(found: ReturnType<typeof find>, { debugFile }: StrippedProgram, name: string): string {
  if (!('value' in found)) throw new Error(found.detail);
  const symbols = execFileSync('nm', [debugFile], { encoding: 'utf8' });
  const address = Number.parseInt(new RegExp(`^([0-9a-f]+) [tT] ${name}$`, 'm').exec(symbols)?.[1] ?? '', 16);
  return Buffer.from(found.value.symbols.find(address)?.name ?? []).toString();
}

/** Installs the symbols of a program below the folder it lies in, taken for a root; returns where, as seen from there. */
function install(program: StrippedProgram, path = pathByBuildId(program)): string {
  const real = join(dirname(program.path), path);
  mkdirSync(dirname(real), { recursive: true });
  copyFileSync(program.debugFile, real);
  return path;
}

describe('findDebugFile', () => {
  it.each([
    ['with debug information', ['-Wl,--build-id']],
    ['with compressed debug information', ['-Wl,--build-id', '-gz']],
    ['of a 32-bit program', ['-Wl,--build-id', '-m32']],
    ['of a static program', ['-Wl,--build-id', '-static']],
    ['with a short build id', ['-Wl,--build-id=0x1122334455667788']],
  ])('finds a file by build id: %s', (_, flags) => {
    const program = stripProgram(temporaryDirectory(), flags);
    const path = install(program);
    const found = find(program);
    expect(found).toMatchObject({ source: expect.stringMatching(new RegExp(`/root${path}$`)) });
    expect(nameAt(found, program, 'take_turns')).toBe('take_turns');
    expect(nameAt(found, program, 'main')).toBe('main');
  });

  it.each([
    ['beside the file', '/bin/kept.debug'],
    ['in .debug beside it', '/bin/.debug/kept.debug'],
    ['below /usr/lib/debug', '/usr/lib/debug/bin/kept.debug'],
  ])('finds a file by .gnu_debuglink: %s', (_, path) => {
    for (const flags of [['-Wl,--build-id'], withoutId]) {
      const program = stripProgram(temporaryDirectory(), flags, true);
      install(program, path);
      const found = find(program);
      expect(found).toMatchObject({ source: expect.stringMatching(new RegExp(`/root${path}$`)) });
      expect(nameAt(found, program, 'read_third')).toBe('read_third');
    }
  });

  it('looks first in the root of a process, then in ours', async () => {
    const root = temporaryDirectory();
    const program = stripProgram(root, ['-Wl,--build-id', '-static'], true);
    const { pid, line } = await start('chroot', [root, '/chain', '3', '100']);
    await line();
    const findAs = (path: string) => {
      const found = findDebugFile(`/proc/${pid}`, path, fileOf(program.path));
      if ('value' in found) closing.push(found.value.close);
      return found;
    };
    expect(findAs('/bin/chain')).toMatchObject({ unavailable: 'absent' });
    expect(findAs(program.path)).toMatchObject({ source: program.debugFile });
    const path = install(program);
    expect(findAs(program.path)).toMatchObject({ source: `/proc/${pid}/root${path}` });
  });

  it('does not believe a file of another build, found by build id or by name', () => {
    const program = stripProgram(temporaryDirectory(), ['-Wl,--build-id', '-DSAME']);
    const other = stripProgram(temporaryDirectory(), ['-Wl,--build-id', '-O1']);
    expect(other.buildId).not.toBe(program.buildId);
    const path = install(program);
    copyFileSync(other.debugFile, join(dirname(program.path), path));
    expect(find(program)).toEqual({
      unavailable: 'absent',
      detail: expect.stringMatching(
        new RegExp(`^/bin/chain is stripped of the names of its local functions, and \\S+${path} is of another build$`),
      ),
      remedy: `install its debug symbols (package -dbgsym, -dbg or -debuginfo) of build id ${program.buildId}`,
    });
    const linked = stripProgram(temporaryDirectory(), ['-Wl,--build-id'], true);
    install({ ...linked, debugFile: other.debugFile }, '/bin/kept.debug');
    expect(find(linked)).toMatchObject({ detail: expect.stringContaining('/bin/kept.debug is of another build') });
  });

  it('believes a file without build id by its checksum alone', () => {
    const program = stripProgram(temporaryDirectory(), withoutId, true);
    const changed = readFileSync(program.debugFile);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    writeFileSync(program.debugFile, changed);
    install(program, '/bin/kept.debug');
    expect(find(program)).toMatchObject({ detail: expect.stringContaining('is of another build, by its CRC-32') });
  });

  it('says so where a file is cut off, is none, or holds nothing', () => {
    const program = stripProgram(temporaryDirectory());
    const path = join(dirname(program.path), install(program));
    const whole = readFileSync(program.debugFile);
    for (const length of [whole.length - 1, whole.length >> 1, 1_000, 64]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(find(program)).toMatchObject({ detail: expect.stringContaining(`${pathByBuildId(program)} is cut off`) });
    }
    writeFileSync(path, '');
    expect(find(program)).toMatchObject({
      detail: expect.stringContaining(`${pathByBuildId(program)} is no ELF file`),
    });
    copyFileSync(program.path, path);
    expect(find(program)).toMatchObject({
      detail: expect.stringContaining(`${pathByBuildId(program)} has no symbols either`),
    });
  });

  it('says so where a file has more symbols than are read', () => {
    const program = stripProgram(temporaryDirectory());
    const bytes = readFileSync(program.debugFile);
    const symbols = fileOf(program.debugFile)
      .sections()
      .findIndex(({ name }) => name === '.symtab');
    const header = Number(bytes.readBigUInt64LE(40)) + symbols * 64;
    bytes.writeBigUInt64LE(BigInt(2 ** 20 + 1) * 24n, header + 32);
    writeFileSync(program.debugFile, Buffer.concat([bytes, Buffer.alloc(26_000_000)]));
    install(program);
    expect(find(program)).toMatchObject({ detail: expect.stringMatching('has more than a million symbols$') });
  });

  it('says what is to be done where nothing is installed', () => {
    const [named, nameless] = [stripProgram(temporaryDirectory()), stripProgram(temporaryDirectory(), withoutId)];
    expect(find(named)).toEqual({
      unavailable: 'absent',
      detail: `/bin/chain is stripped of the names of its local functions, and no debug symbols of it are installed`,
      remedy: `install its debug symbols (package -dbgsym, -dbg or -debuginfo) of build id ${named.buildId}`,
    });
    expect(find(nameless)).toMatchObject({ remedy: 'build /bin/chain without strip' });
  });

  it('leaves no descriptor open but that of what it found', () => {
    const program = stripProgram(temporaryDirectory());
    const path = join(dirname(program.path), install(program));
    const [directory, file] = [processWith(dirname(program.path)), fileOf(program.path)];
    const lowest = (): number => {
      const fd = openSync('/dev/null', 'r');
      closeSync(fd);
      return fd;
    };
    const before = lowest();
    writeFileSync(path, 'no ELF');
    findDebugFile(directory, '/bin/chain', file);
    expect(lowest()).toBe(before);
    copyFileSync(program.debugFile, path);
    const found = findDebugFile(directory, '/bin/chain', file);
    if (!('value' in found)) throw new Error(found.detail);
    found.value.close();
    expect(lowest()).toBe(before);
  });
});
