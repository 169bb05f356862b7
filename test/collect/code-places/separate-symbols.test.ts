import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, truncateSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type CallSiteResolver,
  createCallSiteResolver,
  type ResolvedCall,
} from '../../../src/collect/code-places/call-site-resolver.ts';
import { readBuildId } from '../../../src/elf/build-id.ts';
import { libc, readFile } from '../../elf/files.ts';
import { skipUnless } from '../../skip-unless.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { start } from '../processes.ts';
import { sampleKernel } from './sampling.ts';
import { embedNames, type StrippedProgram, stripProgram } from './stripped-program.ts';

const resolvers: CallSiteResolver[] = [];
afterEach(() => {
  for (const resolver of resolvers.splice(0)) resolver.close();
});

const threadCpuTime = '3';

async function sampled({ path }: Pick<StrippedProgram, 'path'>) {
  const { pid, line } = await start(path, [threadCpuTime, '100']);
  await line();
  const resolver = createCallSiteResolver(pid);
  resolvers.push(resolver);
  return { samples: sampleKernel(pid, 'clock_gettime', 60), resolver };
}

async function callsOf(program: Pick<StrippedProgram, 'path'>) {
  const { samples, resolver } = await sampled(program);
  return { calls: samples.map(resolver.resolve), resolver };
}

function otherProgram(): StrippedProgram {
  return stripProgram(temporaryDirectory(), ['-Wl,--build-id', '-O1']);
}

/** Names of the program's own functions, wherever in a chain. */
function ownNames(calls: readonly ResolvedCall[]): readonly string[] {
  const own = calls.flatMap(({ callers }) => callers.filter(({ kind }) => kind === 'executable'));
  return [...new Set(own.map(({ symbol }) => symbol ?? '(nameless)'))].sort();
}

const functions = ['_start', 'main', 'read_first', 'read_second', 'read_third', 'take_turns'];

describe('symbols of a stripped program', () => {
  it.each([
    ['by build id and name', ['-Wl,--build-id']],
    ['by name and checksum', ['-Wl,--build-id=none']],
    ['of a static program, whose libc gets its names back too', ['-Wl,--build-id', '-static']],
  ])('name its local functions: %s', async (_, flags) => {
    const { calls, resolver } = await callsOf(stripProgram(temporaryDirectory(), flags, true));
    expect(ownNames(calls)).toEqual(expect.arrayContaining(functions));
    expect(ownNames(calls)).not.toContain('(nameless)');
    expect(resolver.obstacles()).toEqual([]);
  });

  it('are told to be missing, once a file, where they are', async () => {
    const program = stripProgram(temporaryDirectory());
    const { calls, resolver } = await callsOf(program);
    expect(ownNames(calls)).toEqual(['(nameless)']);
    expect(resolver.obstacles()).toEqual([
      {
        unavailable: 'absent',
        detail: `${program.path} is stripped of the names of its local functions, and no debug symbols of it are installed`,
        remedy: `install its debug symbols (package -dbgsym, -dbg or -debuginfo) of build id ${program.buildId}`,
      },
    ]);
    resolver.refresh();
    expect(resolver.obstacles()).toEqual([]);
  });

  it('are not made up from a file that is cut off, and that is said', async () => {
    const program = stripProgram(temporaryDirectory(), ['-Wl,--build-id'], true);
    truncateSync(program.debugFile, 9_000);
    const { calls, resolver } = await callsOf(program);
    expect(ownNames(calls)).toEqual(['(nameless)']);
    expect(resolver.obstacles()).toMatchObject([{ detail: expect.stringContaining('kept.debug is cut off') }]);
  });

  it('stay those of the file that was opened, after it is gone', async () => {
    const program = stripProgram(temporaryDirectory(), ['-Wl,--build-id'], true);
    const { samples, resolver } = await sampled(program);
    const [first, ...others] = samples;
    if (first !== undefined) resolver.resolve(first);
    rmSync(program.debugFile);
    expect(ownNames(others.map(resolver.resolve))).toEqual(expect.arrayContaining(functions));
  });

  it('are unpacked from the file itself, beside everything else, where it has them', async () => {
    const program = stripProgram(temporaryDirectory());
    embedNames(program);
    const { samples, resolver } = await sampled(program);
    const early = samples.map(resolver.resolve);
    expect(ownNames(early)).toEqual(['(nameless)']);
    expect(early.every(({ nameAwaited }) => nameAwaited)).toBe(true);
    await vi.waitUntil(() => samples.every((sample) => !resolver.resolve(sample).nameAwaited), 5_000);
    expect(ownNames(samples.map(resolver.resolve))).toEqual(expect.arrayContaining(functions));
    expect(resolver.obstacles()).toEqual([]);
  });

  it.each([
    ['damaged', (packed: Buffer) => packed.fill(0x55, packed.length >> 1), 'cannot be unpacked: '],
    ['cut off', (packed: Buffer) => packed.subarray(0, packed.length - 40), 'cannot be unpacked: '],
    ['of another build', () => execFileSync('xz', ['--stdout', otherProgram().debugFile]), 'is of another build'],
    ['no ELF file', () => execFileSync('xz', ['--stdout'], { input: 'text' }), 'is no ELF file'],
  ])('are not made up from packed ones that are %s, and that is said', async (_, change, why) => {
    const program = stripProgram(temporaryDirectory());
    embedNames(program, change);
    const { samples, resolver } = await sampled(program);
    samples.map(resolver.resolve);
    await vi.waitUntil(() => samples.every((sample) => !resolver.resolve(sample).nameAwaited), 5_000);
    expect(ownNames(samples.map(resolver.resolve))).toEqual(['(nameless)']);
    const detail = expect.stringMatching(
      new RegExp(`no debug symbols of it are installed; its own \\.gnu_debugdata ${why}`),
    );
    expect(resolver.obstacles()).toEqual([expect.objectContaining({ unavailable: 'absent', detail })]);
  });

  it('may come when nobody wants them any more', async () => {
    const program = stripProgram(temporaryDirectory());
    embedNames(program);
    const { samples, resolver } = await sampled(program);
    expect(samples.map(resolver.resolve).some(({ nameAwaited }) => nameAwaited)).toBe(true);
    resolver.refresh();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(samples.map(resolver.resolve).some(({ nameAwaited }) => nameAwaited)).toBe(true);
    resolver.close();
  });

  it("name a local function of Debian's libc, from its package of symbols", async () => {
    const id = readBuildId(readFile(libc)) ?? '';
    const debugFile = `/usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug`;
    skipUnless(existsSync(debugFile), `libc6-dbg is not installed: ${debugFile}`);
    const { calls } = await callsOf({ path: stripProgram(temporaryDirectory()).path });
    const ofLibc = calls.flatMap(({ callers }) => callers.filter(({ kind }) => kind === 'libc'));
    const names = new Set(ofLibc.map(({ symbol }) => symbol));
    // One is exported, the other local: the exported keep the names that programs know.
    expect([...names].sort()).toEqual(['__libc_start_call_main', '__libc_start_main', 'clock_gettime']);
  });
});
