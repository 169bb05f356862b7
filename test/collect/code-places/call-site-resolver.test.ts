import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RawCallSample } from '../../../src/collect/calls/raw-call-sample.ts';
import {
  type CallSiteResolver,
  createCallSiteResolver,
  type ResolvedCall,
} from '../../../src/collect/code-places/call-site-resolver.ts';
import { readElfFile } from '../../../src/elf/elf-file.ts';
import { buildProgram } from '../../programs/build.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { skipWithoutBreakpoints } from '../calls/skip-without-breakpoints.ts';
import { collector, type Started, start } from '../processes.ts';
import { sampleCalls, sampleKernel, sampleRawEntry, sampleVsyscall } from './sampling.ts';
import { vdsoFunction } from './vdso-function.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const monotonic = '1';
const threadCpuTime = '3';

async function run(program: string, ...args: string[]): Promise<Started> {
  const started = await start(program, args);
  await started.line();
  return started;
}

function resolverOf(pid: number): CallSiteResolver {
  const resolver = createCallSiteResolver(pid);
  open.push(resolver);
  return resolver;
}

/** The six chains of one round of call-chain.c, each a sixth of the reads. */
const turns = [
  ['read_first', 'take_turns', 'main'],
  ['read_second', 'take_turns', 'main'],
  ['read_second', 'take_turns', 'main'],
  ['read_third', 'take_turns', 'main'],
  ['read_third', 'read_third', 'take_turns', 'main'],
  ['read_third', 'read_third', 'read_third', 'take_turns', 'main'],
];
const expectedShares = sharesOf(turns.map((chain) => chain.join(' < ')));

function sharesOf(chains: readonly string[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const chain of chains) shares.set(chain, (shares.get(chain) ?? 0) + 1 / chains.length);
  return shares;
}

/** The functions of the program itself, from the one that called libc to main. */
function ownChain({ callers }: ResolvedCall): string {
  const names = callers.map(({ symbol }) => symbol ?? '');
  const first = names.findIndex((name) => name.startsWith('read_'));
  return names.slice(first, names.indexOf('main') + 1).join(' < ');
}

function expectTurns(calls: readonly ResolvedCall[]): void {
  const shares = sharesOf(calls.map(ownChain));
  expect([...shares.keys()].sort()).toEqual([...expectedShares.keys()].sort());
  for (const [chain, share] of expectedShares)
    expect(Math.abs((shares.get(chain) ?? 0) - share), chain).toBeLessThan(0.05);
  expect(new Set(calls.map(({ foundBy }) => foundBy))).toEqual(new Set(['unwinding']));
}

const builds: readonly { name: string; flags: readonly string[]; compiler?: string; libc: 'libc' | 'executable' }[] = [
  { name: 'glibc, PIE', flags: ['-fomit-frame-pointer'], libc: 'libc' },
  { name: 'glibc, fixed place', flags: ['-fomit-frame-pointer', '-no-pie'], libc: 'libc' },
  { name: 'glibc, static', flags: ['-fomit-frame-pointer', '-static'], libc: 'executable' },
  { name: 'glibc, static PIE', flags: ['-fomit-frame-pointer', '-static-pie', '-fPIE'], libc: 'executable' },
  { name: 'musl, which has no .eh_frame', flags: ['-fomit-frame-pointer'], compiler: 'musl-gcc', libc: 'libc' },
  { name: 'musl, static', flags: ['-fomit-frame-pointer', '-static'], compiler: 'musl-gcc', libc: 'executable' },
  {
    name: 'glibc, frame pointers and no .eh_frame',
    flags: ['-fno-omit-frame-pointer', '-fno-asynchronous-unwind-tables'],
    libc: 'libc',
  },
];

describe('callers through libc', () => {
  it.each(builds)('names the slow ones: $name', async ({ flags, compiler, libc }) => {
    const program = buildProgram('call-chain', flags, compiler);
    const { pid } = await run(program, threadCpuTime, '100');
    const resolver = resolverOf(pid);
    const calls = sampleKernel(pid, 'clock_gettime', 240).map(resolver.resolve);
    expectTurns(calls);
    expect(calls[0]?.place).toMatchObject({ kind: 'vdso', module: '[vdso]', symbol: '__vdso_clock_gettime' });
    expect(calls[0]?.callers[0]).toMatchObject({ kind: libc, symbol: 'clock_gettime' });
    expect(calls[0]?.callers[1]).toMatchObject({ kind: 'executable', module: program });
    expect(resolver.obstacles()).toEqual([]);
  });

  it.each(builds)('names the fast ones: $name', async ({ flags, compiler }) => {
    skipWithoutBreakpoints();
    const { pid } = await run(buildProgram('call-chain', flags, compiler), monotonic, '100');
    const address = vdsoFunction(pid, '__vdso_clock_gettime');
    const calls = sampleCalls(pid, address, 240).map(resolverOf(pid).resolve);
    expectTurns(calls);
    expect(calls[0]?.place).toEqual({
      address: address.toString(16),
      kind: 'vdso',
      module: '[vdso]',
      symbol: '__vdso_clock_gettime',
      offset: 0,
    });
  });

  it('names them in a 32-bit program, whose system calls all lie in [vdso]', async () => {
    skipUnlessRuns(['-m32']);
    const program = buildProgram('call-chain', ['-fomit-frame-pointer', '-m32']);
    const { pid } = await run(program, threadCpuTime, '100');
    const calls = sampleRawEntry(pid, 350).map(resolverOf(pid).resolve);
    expect(new Set(calls.map(({ place }) => place.symbol))).toEqual(new Set(['__kernel_vsyscall']));
    expectTurns(calls.filter(({ callers }) => callers[0]?.kind === 'vdso'));
    // usleep() stands beside them.
    const sleeps = calls.filter(({ callers }) => callers[0]?.kind === 'libc');
    expect(sleeps[0]?.callers.map(({ symbol }) => symbol)).toContain('usleep');
  });

  it('names the fast ones of a 32-bit program', async () => {
    skipWithoutBreakpoints();
    skipUnlessRuns(['-m32']);
    const program = buildProgram('call-chain', ['-fomit-frame-pointer', '-m32']);
    const { pid } = await run(program, monotonic, '100');
    const address = vdsoFunction(pid, '__vdso_clock_gettime64');
    expectTurns(sampleCalls(pid, address, 240, 32).map(resolverOf(pid).resolve));
  });

  it('gives addresses without names where a program was stripped', async () => {
    const { pid } = await run(buildProgram('call-chain', ['-fomit-frame-pointer', '-s']), threadCpuTime, '100');
    const calls = sampleKernel(pid, 'clock_gettime', 60).map(resolverOf(pid).resolve);
    const own = calls.flatMap(({ callers }) => callers.filter(({ kind }) => kind === 'executable'));
    expect(own.filter(({ symbol }) => symbol !== undefined)).toEqual([]);
    // Four calls of clock_gettime, three of take_turns' calls, read_third's own, main's, _start's.
    expect(new Set(own.map(({ address }) => address)).size).toBe(4 + 3 + 1 + 1 + 1);
    expect(new Set(calls.map(({ foundBy }) => foundBy))).toEqual(new Set(['unwinding']));
  });
});

describe('other code', () => {
  it('names a deleted program as before', async () => {
    const copy = join(temporaryDirectory(), 'gone');
    copyFileSync(buildProgram('call-chain', ['-fomit-frame-pointer']), copy);
    const { pid } = await run(copy, threadCpuTime, '100');
    unlinkSync(copy);
    const calls = sampleKernel(pid, 'clock_gettime', 60).map(resolverOf(pid).resolve);
    expectTurns(calls);
    expect(calls[0]?.callers[1]).toMatchObject({ kind: 'executable', module: `${copy} (deleted)` });
  });

  it('names what a JIT compiler says it wrote, cleaned, and its caller by the frame pointer it sets', async () => {
    const { pid } = await run(buildProgram('jit-code'), threadCpuTime, 'named');
    open.push({ close: () => rmSync(`/tmp/perf-${pid}.map`) });
    const [call] = sampleKernel(pid, 'clock_gettime', 1).map(resolverOf(pid).resolve);
    expect(call?.callers.map(({ kind, symbol }) => [kind, symbol]).slice(0, 3)).toEqual([
      ['libc', 'clock_gettime'],
      ['anonymous', 'LazyCompile:*readClock app.js:7'],
      ['executable', 'main'],
    ]);
    expect(call?.callers[1]).not.toHaveProperty('module');
    expect(call?.foundBy).toBe('unwinding');
  });

  it('says that code is anonymous where nobody names it, and stops there', async () => {
    const { pid } = await run(buildProgram('jit-code'), threadCpuTime);
    const [call] = sampleKernel(pid, 'clock_gettime', 1).map(resolverOf(pid).resolve);
    expect(call?.callers).toEqual([
      expect.objectContaining({ kind: 'libc', symbol: 'clock_gettime' }),
      { kind: 'anonymous', address: expect.stringMatching(/^[0-9a-f]+$/) },
    ]);
  });

  it('goes through a signal handler to the function it interrupted', async () => {
    const { pid } = await run(buildProgram('reads-in-handler', ['-fomit-frame-pointer']));
    const [call] = sampleKernel(pid, 'clock_gettime', 1).map(resolverOf(pid).resolve);
    expect(call?.callers.map(({ symbol }) => symbol).slice(0, 2)).toEqual(['clock_gettime', 'handler']);
    expect(call?.callers[3]).toMatchObject({ kind: 'executable', symbol: 'spin' });
  });

  it('tells the legacy vsyscall page by its address, and who called it', async () => {
    const args = ['--function', 'time', '--path', 'vsyscall'];
    const { pid } = await start(buildProgram('workload', ['-fomit-frame-pointer']), args);
    const reader = await vi.waitUntil(() =>
      readdirSync(`/proc/${pid}/task`)
        .map(Number)
        .find((tid) => tid !== pid),
    );
    const calls = sampleVsyscall(reader, 4).map(resolverOf(pid).resolve);
    expect(calls[0]?.place).toEqual({
      address: expect.stringMatching(/^ffffffffff600/),
      kind: 'vsyscall',
      module: '[vsyscall]',
    });
    expect(calls[0]?.callers[0]).toMatchObject({ kind: 'executable' });
  });

  it('finds its way among 60,000 mappings', async () => {
    const { pid } = await run(buildProgram('many-mappings', ['-fomit-frame-pointer']));
    expect(readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n').length).toBeGreaterThan(60_000);
    const calls = sampleKernel(pid, 'clock_gettime', 20).map(resolverOf(pid).resolve);
    expect(new Set(calls.map(({ callers }) => callers[1]?.symbol))).toEqual(new Set(['read_clock']));
  });
});

describe('what cannot be told', () => {
  /** What a user without rights makes of a sample of root's process; `capability` is the only one he has. */
  async function resolvedByAnother(capability: string) {
    const { pid } = await run(buildProgram('call-chain', ['-fomit-frame-pointer']), threadCpuTime, '100');
    const [sample] = sampleKernel(pid, 'clock_gettime', 1);
    const source = `
      import { createCallSiteResolver } from ${JSON.stringify(collector('code-places/call-site-resolver'))};
      const resolver = createCallSiteResolver(${pid});
      const call = resolver.resolve(${write(sample)});
      console.log(JSON.stringify({ call, obstacles: resolver.obstacles() }));`;
    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const capabilities = [`--inh-caps=${capability}`, `--ambient-caps=${capability}`];
    const node = [process.execPath, '--input-type=module-typescript', '-e', source];
    const output = execFileSync('setpriv', [...nobody, ...capabilities, ...node], { encoding: 'utf8' });
    return JSON.parse(output);
  }

  it('is said to be denied where nothing of the target may be read', async () => {
    const { call, obstacles } = await resolvedByAnother('-all');
    expect(call).toMatchObject({ place: { kind: 'unknown' }, callers: [], foundBy: 'none' });
    expect(obstacles).toEqual([
      expect.objectContaining({ unavailable: 'denied', detail: expect.stringContaining('/maps') }),
    ]);
  });

  it('is assumed, and said so, where its memory may not be read: our vDSO, and files told by device and inode', async () => {
    const { call, obstacles } = await resolvedByAnother('+sys_ptrace');
    expect(call.place).toMatchObject({ kind: 'vdso', symbol: '__vdso_clock_gettime' });
    expect(turns.map((chain) => chain.join(' < '))).toContain(ownChain(call));
    expect(obstacles).toEqual([
      expect.objectContaining({ unavailable: 'denied', detail: expect.stringContaining('assume') }),
    ]);
  });

  it('survives a program whose tables lie, whatever they say', async () => {
    const original = readFileSync(buildProgram('call-chain', ['-fomit-frame-pointer', '-static']));
    const directory = temporaryDirectory();
    for (let seed = 1; seed <= 12; seed += 1) {
      const path = join(directory, `lies-${seed}`);
      writeFileSync(path, withLies(original, seed), { mode: 0o755 });
      const started = await run(path, threadCpuTime, '100');
      const calls = sampleKernel(started.pid, 'clock_gettime', 12).map(resolverOf(started.pid).resolve);
      expect(calls.every(({ callers }) => callers.length <= 8)).toBe(true);
      await started.end();
    }
  });

  it('stays unknown after the process has ended, with the reason', async () => {
    const started = await run(buildProgram('call-chain'), threadCpuTime, '100');
    const [sample] = sampleKernel(started.pid, 'clock_gettime', 1);
    await started.end();
    const resolver = resolverOf(started.pid);
    expect(sample && resolver.resolve(sample)).toMatchObject({
      place: { kind: 'unknown' },
      callers: [],
      foundBy: 'none',
    });
    expect(resolver.obstacles()).toEqual([{ unavailable: 'absent', detail: `process ${started.pid} has ended` }]);
  });

  it('names nobody from an empty or a nonsensical stack', async () => {
    const { pid } = await run(buildProgram('call-chain', ['-fomit-frame-pointer']), threadCpuTime, '100');
    const resolver = resolverOf(pid);
    const [sample] = sampleKernel(pid, 'clock_gettime', 1);
    if (sample === undefined) throw new Error('no sample');
    const withStack = (stack: Uint8Array): RawCallSample => ({ ...sample, stack });
    expect(resolver.resolve(withStack(new Uint8Array())).callers).toEqual([]);
    for (const byte of [0x00, 0x7f, 0xff]) {
      expect(resolver.resolve(withStack(new Uint8Array(1_024).fill(byte))).callers).toEqual([]);
    }
  });

  it('follows the program that an exec puts in the place of another', async () => {
    const started = await run('/bin/sh', '-c', `echo; read line; exec ${buildProgram('call-chain')} 3 100`);
    const resolver = resolverOf(started.pid);
    resolver.resolve(madeUpSample(started.pid));
    started.child.stdin?.write('go\n');
    await started.line();
    resolver.refresh();
    const calls = sampleKernel(started.pid, 'clock_gettime', 60).map(resolver.resolve);
    expectTurns(calls);
  });
});

/** As source text, which knows bigint and bytes. */
function write(sample: RawCallSample | undefined): string {
  if (sample === undefined) throw new Error('no sample');
  const { registers, stack, stackAddress, ...rest } = sample;
  const written = Object.entries(registers).map(([name, value]) => `${name}: ${value}n`);
  return `{ ...${JSON.stringify(rest)}, registers: { ${written} }, stack: Uint8Array.from([${stack}]), stackAddress: ${stackAddress}n }`;
}

/** Section headers, symbols and .eh_frame full of other bytes; the code and what the kernel loads stay. */
function withLies(original: Buffer, seed: number): Buffer {
  const bytes = Buffer.from(original);
  const sectionsAt = Number(bytes.readBigUInt64LE(40));
  const frames = readElfFile({ size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) })
    ?.sections()
    .find(({ name }) => name === '.eh_frame');
  let state = seed;
  for (let change = 0; change < 400; change += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const inFrames = change % 2 === 0 && frames !== undefined;
    const [from, length] = inFrames ? [frames.offset, frames.sizeBytes] : [sectionsAt, bytes.length - sectionsAt];
    bytes[from + (state % length)] = state >>> 24;
  }
  return bytes;
}

function madeUpSample(tid: number): RawCallSample {
  const registers = { ip: 0x1000n, sp: 0x2000n, bp: 0n };
  return {
    side: 'kernel',
    fn: 'clock_gettime',
    slot: 0,
    tid,
    bits: 64,
    registers,
    stack: new Uint8Array(),
    stackAddress: 0x2000n,
  };
}
