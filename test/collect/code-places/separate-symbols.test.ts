import { existsSync, rmSync, truncateSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type CallSiteResolver,
  createCallSiteResolver,
  type ResolvedCall,
} from '../../../src/collect/code-places/call-site-resolver.ts';
import { readBuildId } from '../../../src/elf/build-id.ts';
import { libc, readFile } from '../../elf/files.ts';
import { skipUnless } from '../../skip-unless.ts';
import { start, temporaryDirectory } from '../processes.ts';
import { sampleKernel } from './sampling.ts';
import { type StrippedProgram, stripProgram } from './stripped-program.ts';

const resolvers: CallSiteResolver[] = [];
afterEach(() => {
  for (const resolver of resolvers.splice(0)) resolver.close();
});

const threadCpuTime = '3';

async function callsOf({ path }: Pick<StrippedProgram, 'path'>, count = 60) {
  const { pid, line } = await start(path, [threadCpuTime, '100']);
  await line();
  const resolver = createCallSiteResolver(pid);
  resolvers.push(resolver);
  return { calls: sampleKernel(pid, 'clock_gettime', count).map(resolver.resolve), resolver };
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
    const { pid, line } = await start(program.path, [threadCpuTime, '100']);
    await line();
    const resolver = createCallSiteResolver(pid);
    resolvers.push(resolver);
    const samples = sampleKernel(pid, 'clock_gettime', 60);
    const [first, ...others] = samples;
    if (first !== undefined) resolver.resolve(first);
    rmSync(program.debugFile);
    expect(ownNames(others.map(resolver.resolve))).toEqual(expect.arrayContaining(functions));
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
