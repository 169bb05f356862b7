import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { priceBreakpoint } from '../../../src/collect/calls/breakpoint-price.ts';
import { type CallSamples, createCallSamples } from '../../../src/collect/calls/call-samples.ts';
import { openKernelEntries } from '../../../src/collect/entries/kernel-entries.ts';
import { readOwnVdso } from '../../../src/collect/host/own-vdso.ts';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import type { FastWindow } from '../../../src/model/fast-reads.ts';
import { buildProgram } from '../../programs/build.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { skipUnless } from '../../skip-unless.ts';
import { collector, runAsNobody, start, value } from '../processes.ts';
import { holdDebugRegisters } from './hold-debug-registers.ts';
import { limitDescriptors } from './limit-descriptors.ts';
import { skipWithoutBreakpoints } from './skip-without-breakpoints.ts';

const { symbols } = value(readOwnVdso());
const price = priceBreakpoint(readOwnVdso());
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

interface Watch {
  readonly budget?: number;
  readonly threads?: () => readonly number[];
}

/** Watches as the session does, with the counter read every 100 ms. */
function watch(pid: number, { budget = 0.0015, threads = () => listThreads(pid) }: Watch = {}): CallSamples {
  const { vdso: image, bits } = collectTarget(pid);
  const vdso = 'value' in image ? { base: image.value.image.base, symbols: image.value.image.symbols } : image;
  const samples = createCallSamples({ pid, bits: value(bits), vdso, threads, budget, hitPrice: price });
  const counter = openKernelEntries({ pid, bits: value(bits) });
  samples.start();
  const timer = setInterval(() => samples.follow(counter.read()), 100);
  const close = () => {
    clearInterval(timer);
    samples.close();
    counter.close();
  };
  opened.push({ close });
  return samples;
}

async function startReader(args: readonly string[], flags: readonly string[] = []) {
  const program = await start(buildProgram('workload', flags), args);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return program;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function hitsOf(windows: readonly FastWindow[]) {
  return windows.flatMap(({ functions }) => functions.flatMap(({ fn, hits }) => hits.map((hit) => ({ fn, ...hit }))));
}

function caughtBy(samples: CallSamples): number {
  const reading = samples.read();
  return 'value' in reading ? reading.value.hits.reduce((sum, { count }) => sum + count, 0) : 0;
}

describe('samples of vDSO calls', () => {
  beforeEach(skipWithoutBreakpoints);

  it.each([
    ['clock_gettime', '7', { fn: 'clock_gettime', slot: 7 }],
    ['clock_gettime', '5', { fn: 'clock_gettime', slot: 5 }],
    ['clock_gettime', '3', { fn: 'clock_gettime', slot: 3 }],
    ['gettimeofday', '0', { fn: 'gettimeofday', slot: 0 }],
    ['time', '0', { fn: 'time', slot: 0 }],
  ])('names what is called: %s of clock %s', async (fn, clock, expected) => {
    const program = await startReader(['--function', fn, '--clock', clock, '--rate', '2000']);
    const samples = watch(program.pid);
    await vi.waitUntil(() => caughtBy(samples) > 0, 3_000);
    const { hits, windows } = value(samples.read());
    expect(hits.map(({ fn: name, slot }) => ({ fn: name, slot }))).toEqual([expected]);
    expect(hits[0]?.count).toBeGreaterThan(0);
    expect(windows).toBeGreaterThan(0);
    await program.end();
  });

  it.each([[[]], [['-m32']], [['-m32', '-D_TIME_BITS=64', '-D_FILE_OFFSET_BITS=64']]])(
    'gives the registers and the stack of each, the caller on top: %j',
    async (flags) => {
      skipUnlessRuns(flags);
      const program = await startReader(['--clock', '7', '--rate', '2000'], flags);
      const samples = watch(program.pid);
      // To pace itself it reads CLOCK_MONOTONIC once.
      await vi.waitUntil(() => caughtBy(samples) > 1, 3_000);
      const bits = flags.length > 0 ? 32 : 64;
      const taken = samples.takeSamples().filter(({ side, slot }) => side === 'vdso' && slot !== 1);
      expect(taken.length).toBeGreaterThan(0);
      const libc = executableRanges(program.pid, 'libc');
      for (const sample of taken) {
        expect(sample).toMatchObject({ fn: 'clock_gettime', slot: 7, bits, stackAddress: sample.registers.sp });
        expect(sample.stack.length).toBe(512);
        const view = new DataView(sample.stack.buffer, sample.stack.byteOffset);
        const caller = bits === 64 ? view.getBigUint64(0, true) : BigInt(view.getUint32(0, true));
        expect(libc.some(([from, to]) => from <= caller && caller < to)).toBe(true);
      }
      expect(samples.takeSamples().filter(({ side }) => side === 'vdso')).toEqual([]);
      await program.end();
    },
  );

  it('tells each window with its length, and each only once', async () => {
    const program = await startReader(['--clock', '1', '--rate', '2000']);
    const samples = watch(program.pid);
    await pause(700);
    const windows = samples.takeWindows();
    expect(new Set(windows.map(({ tid }) => tid))).toEqual(new Set(listThreads(program.pid)));
    for (const { armedMs, functions } of windows) {
      expect(armedMs).toBeGreaterThan(0);
      expect(functions.map(({ fn }) => fn)).toEqual(['clock_gettime', 'gettimeofday', 'time', 'getcpu']);
    }
    const counted = hitsOf(windows).reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(value(samples.read()).hits[0]?.count);
    expect(samples.takeWindows().length).toBeLessThan(windows.length);
    await program.end();
  });

  it('sees none where every read goes past the vDSO', async () => {
    const program = await startReader(['--path', 'syscall', '--rate', 'hot']);
    const samples = watch(program.pid);
    const armedMs = () => {
      const reading = samples.read();
      return 'value' in reading ? reading.value.armedThreadMs : 0;
    };
    for (let waited = 0; waited < 50 && armedMs() <= 16; waited += 1) await pause(100);
    expect(armedMs()).toBeGreaterThan(16);
    expect(value(samples.read()).hits).toEqual([]);
    await program.end();
  });

  it('stops at its bound, and says so, where calls begin in a window that is long because there were none', async () => {
    const program = await startReader(['--rate', 'hot']);
    process.kill(program.pid, 'SIGSTOP');
    const samples = watch(program.pid);
    await pause(1_000);
    process.kill(program.pid, 'SIGCONT');
    await pause(1_500);
    const { hits, boundedWindows } = value(samples.read());
    expect(boundedWindows).toBeGreaterThan(0);
    expect(hits).toEqual([{ fn: 'clock_gettime', slot: 1, count: expect.any(Number) }]);
    const early = samples
      .takeWindows()
      .flatMap((window) => window.functions.map(({ usedUpAfterMs }) => ({ usedUpAfterMs, armedMs: window.armedMs })))
      .filter(({ usedUpAfterMs }) => usedUpAfterMs !== undefined);
    expect(early.length).toBeGreaterThan(0);
    for (const { usedUpAfterMs = 0, armedMs } of early) expect(usedUpAfterMs).toBeLessThan(armedMs);
    expect(samples.spentNs()).toBeGreaterThanOrEqual((hits[0]?.count ?? 0) * value(price.caughtNs));
    await program.end();
  });

  it('takes no more of a hot loop than its budget, and what it may be ahead of it', async () => {
    const program = await startReader(['--rate', 'hot', '--threads', '3']);
    const samples = watch(program.pid, { budget: 0.001 });
    const beganMs = performance.now();
    await pause(2_000);
    // What the first two seconds may be ahead by, and a round of either kind, which a busy machine may hold up: then it is
    // priced to its end on each of the three threads.
    const aheadNs = 2 * (10e6 + 3 * 15e6);
    expect(samples.spentNs()).toBeLessThan(0.001 * (performance.now() - beganMs) * 1e6 + aheadNs);
    expect(samples.spentNs()).toBeGreaterThan(0);
    await program.end();
  });

  it('finds the one thread that reads among three hundred', async () => {
    const program = await start(buildProgram('one-busy-thread'), ['300']);
    await program.line();
    const samples = watch(program.pid);
    const seen = () => value(samples.read()).hits;
    await pause(120);
    await expect.poll(seen, { timeout: 5_000, interval: 100 }).toEqual([expect.objectContaining({ slot: 7 })]);
    await program.end();
  });

  it('has nothing to say before its first moment is over', async () => {
    const program = await startReader(['--rate', '10']);
    expect(watch(program.pid).read()).toMatchObject({ unavailable: 'absent' });
    await program.end();
  });

  it('sets no breakpoint without a budget, and still samples entries', async () => {
    const program = await startReader(['--clock', '2', '--rate', '2000']);
    const samples = watch(program.pid, { budget: 0 });
    await pause(600);
    expect(samples.read()).toMatchObject({ unavailable: 'absent', detail: expect.stringContaining('budget') });
    expect(samples.takeWindows()).toEqual([]);
    expect(new Set(samples.takeSamples().map(({ side }) => side))).toEqual(new Set(['kernel']));
    await program.end();
  });

  it.each([
    [4, undefined],
    [3, ['clock_gettime']],
    [2, ['clock_gettime', 'gettimeofday']],
  ])('takes the debug registers that others leave: %i of them taken', async (taken, left) => {
    const program = await startReader(['--rate', '2000']);
    const debug = await holdDebugRegisters(program.pid, taken);
    const samples = watch(program.pid);
    await pause(300);
    const reason = {
      unavailable: 'failed',
      detail: 'busy: the debug registers are taken by a debugger or another profiler',
    };
    if (left === undefined) expect(samples.read()).toEqual(reason);
    else {
      expect(new Set(samples.takeWindows().flatMap((w) => w.functions.map(({ fn }) => fn)))).toEqual(new Set(left));
      const others = ['clock_gettime', 'gettimeofday', 'time', 'getcpu'].filter((fn) => !left.includes(fn));
      expect(value(samples.read()).refused).toMatchObject(others.map((fn) => ({ fn, reason })));
    }
    await debug.end();
    const seesAll = () => samples.takeWindows().some(({ functions }) => functions.length === 4);
    await vi.waitUntil(seesAll, 5_000);
    // What was refused once stays told, as often as it was.
    const before = value(samples.read()).refused;
    expect(before).toContainEqual({ fn: 'getcpu', reason, times: expect.any(Number) });
    await vi.waitUntil(seesAll, 5_000);
    expect(value(samples.read()).refused).toEqual(before);
    await program.end();
  });

  it('is denied on the process of another user', async () => {
    const program = await startReader(['--rate', '10']);
    const source = `
      import { createCallSamples } from '${collector('calls/call-samples')}';
      const samples = createCallSamples({
        pid: ${program.pid}, bits: 64, vdso: { base: '7ffff7fc1000', symbols: ${JSON.stringify(symbols)} },
        threads: () => [${program.pid}], budget: 0.0015, hitPrice: { caughtNs: { value: 10000, source: '' }, countedNs: { value: 5000, source: '' } },
      });
      samples.start();
      setTimeout(() => console.log(JSON.stringify(samples.read())), 80);
    `;
    expect(runAsNobody(source)).toMatchObject({
      unavailable: 'denied',
      detail: expect.stringContaining('CAP_PERFMON'),
      remedy: `sudo vdsotop -p ${program.pid}`,
    });
    await program.end();
  });

  it('has nothing to look for in a vDSO without these functions', () => {
    const vdso = { base: '1000', symbols: [] };
    const { pid } = process;
    const samples = createCallSamples({ pid, bits: 64, vdso, threads: () => [pid], budget: 0.0015, hitPrice: price });
    samples.start();
    expect(samples.read()).toMatchObject({
      unavailable: 'absent',
      detail: expect.stringContaining('none of the functions'),
    });
  });

  it('outlives a target that ends in the middle of it', async () => {
    const program = await startReader(['--rate', 'hot']);
    const samples = watch(program.pid);
    await pause(3);
    await program.end();
    await pause(400);
    expect(value(samples.read()).windows).toBeGreaterThan(0);
    const { windows } = value(samples.read());
    await pause(400);
    expect(value(samples.read()).windows).toBe(windows);
  });

  it('leaves nothing behind when it is killed', async () => {
    const program = await startReader(['--rate', '2000']);
    const source = `
      import { createCallSamples } from '${collector('calls/call-samples')}';
      import { collectTarget } from '${collector('process/target')}';
      const { vdso: { value: { image } } } = collectTarget(${program.pid});
      const samples = createCallSamples({
        pid: ${program.pid}, bits: 64, vdso: image, threads: () => [${program.pid}], budget: 1,
        hitPrice: { caughtNs: { value: 1000, source: '' }, countedNs: { value: 500, source: '' } },
      });
      samples.start();
      setInterval(() => console.log('value' in samples.read()), 20);
    `;
    const watcher = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], { stdio: 'pipe' });
    await new Promise<void>((resolve) => watcher.stdout.on('data', (text) => `${text}`.includes('true') && resolve()));
    watcher.kill('SIGKILL');
    await new Promise((resolve) => watcher.once('exit', resolve));
    const samples = watch(program.pid, { threads: () => [program.pid] });
    await pause(100);
    expect(samples.takeWindows()[0]?.functions).toHaveLength(4);
    await program.end();
  });
});

describe('samples of kernel entries', () => {
  it('are taken of a new thread where the table of threads is full of those that are gone', async () => {
    const keysOfAllPlans = 8_192;
    const program = await start(buildProgram('many-threads-gone'), [String(3 * keysOfAllPlans)]);
    const samples = watch(program.pid);
    program.child.stdin?.write('go\n');
    const tid = Number(await program.line());
    samples.takeSamples();
    const isOfIt = (sample: { readonly tid: number; readonly slot: number }) => sample.tid === tid && sample.slot === 7;
    await vi.waitUntil(() => samples.takeSamples().some(isOfIt), 8_000);
    await program.end();
  });

  it.each([
    ['libc', 'clock_gettime', '2', [], 64],
    ['syscall', 'clock_gettime', '1', [], 64],
    ['inline', 'clock_getres', '5', [], 64],
    ['inline', 'gettimeofday', '0', [], 64],
    ['inline', 'time', '0', ['-m32'], 32],
    ['inline', 'clock_gettime', '7', ['-m32'], 32],
    ['libc', 'clock_gettime', '2', ['-m32'], 32],
  ])('%s %s of clock %s, compiled with %j', async (path, fn, clock, flags, bits) => {
    skipUnlessRuns(flags);
    const program = await startReader(['--path', path, '--function', fn, '--clock', clock, '--rate', '5000'], flags);
    const samples = watch(program.pid);
    await pause(900);
    const taken = samples.takeSamples().filter(({ side }) => side === 'kernel');
    expect(taken.length).toBeGreaterThan(20);
    const slot = fn.startsWith('clock_') ? Number(clock) : 0;
    for (const sample of taken) {
      expect(sample).toMatchObject({ fn, slot, bits, stackAddress: sample.registers.sp });
      expect(sample.stack.length).toBeGreaterThanOrEqual(512);
    }
    if (path === 'inline') {
      const text = executableRanges(program.pid, 'workload');
      const inText = taken.filter(({ registers: { ip = 0n } }) => text.some(([from, to]) => from <= ip && ip < to));
      expect(inText).toHaveLength(taken.length);
    }
    expect(samples.lost()).toBe(0);
    await program.end();
  });

  it('are taken once there are descriptors again, and the reason why there were none is gone', async () => {
    const program = await startReader(['--path', 'syscall', '--rate', '2000']);
    const samples = watch(program.pid, { budget: 0 });
    const limit = await limitDescriptors();
    const reason = () => samples.failure('kernel')?.detail ?? '';
    await vi.waitUntil(() => reason().includes('EMFILE'), 5_000).finally(limit.more);
    await vi.waitUntil(() => samples.takeSamples().length > 0 && samples.failure('kernel') === undefined, 5_000);
    await program.end();
  });

  it('catches emulated vsyscalls at the entry of their page', async () => {
    skipUnless(readFileSync('/proc/self/maps', 'latin1').includes('[vsyscall]'), 'this kernel maps no [vsyscall] page');
    const program = await startReader(['--path', 'vsyscall', '--function', 'time', '--rate', '2000']);
    const samples = watch(program.pid);
    let taken = samples.takeSamples();
    for (let waited = 0; waited < 50 && taken.length === 0; waited += 1) {
      await pause(100);
      taken = samples.takeSamples();
    }
    expect(taken.length).toBeGreaterThan(0);
    for (const { side, fn, registers } of taken)
      expect({ side, fn, ip: registers.ip }).toEqual({
        side: 'kernel',
        fn: 'vsyscall_time',
        ip: 0xffff_ffff_ff60_0400n,
      });
    await program.end();
  });

  it('gives a rare clock its samples beside one that is read a thousand times as often', async () => {
    const program = await start(buildProgram('mixed-reads'), [
      ...['--rate', '20000', 'often:1:syscall:99', 'seldom:7:inline:1'],
    ]);
    await pause(100);
    const samples = watch(program.pid);
    await pause(1_500);
    const bySlot = Map.groupBy(samples.takeSamples(), ({ slot }) => slot);
    expect(bySlot.get(1)?.length).toBeGreaterThan(50);
    expect(bySlot.get(7)?.length).toBeGreaterThan(20);
    await program.end();
  });

  it('samples the callers of one clock in the shares in which they call', async () => {
    const program = await start(buildProgram('mixed-reads'), [
      ...['--rate', 'hot', 'often:1:inline:6', 'sometimes:1:inline:3', 'seldom:1:inline:1'],
    ]);
    await pause(100);
    const samples = watch(program.pid);
    await pause(4_000);
    const taken = samples.takeSamples().map(({ registers: { ip = 0n } }) => ip);
    const shares = [...Map.groupBy(taken, (ip) => ip).values()].map(({ length }) => length / taken.length);
    const [most = 0, middle = 0, least = 0, ...others] = shares.sort((a, b) => b - a);
    expect(others).toEqual([]);
    // About 300 samples: three standard deviations.
    expect(Math.abs(most - 0.6)).toBeLessThan(0.09);
    expect(Math.abs(middle - 0.3)).toBeLessThan(0.08);
    expect(Math.abs(least - 0.1)).toBeLessThan(0.06);
    await program.end();
  });
});

/** Address ranges that a process maps executable from files whose path has that name in it. */
function executableRanges(pid: number, name: string): readonly (readonly [from: bigint, to: bigint])[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'latin1');
  const lines = maps.split('\n').filter((line) => line.includes('r-xp') && line.includes(name));
  return lines.map((line) => {
    const [from = '', to = ''] = line.split(' ', 1)[0]?.split('-') ?? [];
    return [BigInt(`0x${from}`), BigInt(`0x${to}`)];
  });
}
