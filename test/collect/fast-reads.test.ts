import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createFastReads, type FastReads } from '../../src/collect/fast-reads.ts';
import { listThreads } from '../../src/collect/list-threads.ts';
import { readOwnVdso } from '../../src/collect/own-vdso.ts';
import { buildProgram } from '../programs/build.ts';
import { collector, runAsNobody, start, value } from './processes.ts';

const { symbols } = value(readOwnVdso());
const probes: FastReads[] = [];
afterEach(() => {
  for (const probe of probes.splice(0)) probe.close();
});

function baseOf(pid: number): string {
  return /^([0-9a-f]+)-.*\[vdso\]$/m.exec(readFileSync(`/proc/${pid}/maps`, 'latin1'))?.[1] ?? 'no vdso';
}

function watch(pid: number): FastReads {
  const probe = createFastReads({ pid, vdsoBase: baseOf(pid), symbols, threads: () => listThreads(pid) });
  probes.push(probe);
  probe.start();
  return probe;
}

async function startReader(...args: readonly string[]) {
  const program = await start(buildProgram('workload'), args);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return program;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the witness of vDSO calls', () => {
  it.each([
    ['clock_gettime', '7', { fn: 'clock_gettime', slot: 7 }],
    ['clock_gettime', '5', { fn: 'clock_gettime', slot: 5 }],
    ['clock_gettime', '3', { fn: 'clock_gettime', slot: 3 }],
    ['gettimeofday', '0', { fn: 'gettimeofday', slot: 0 }],
    ['time', '0', { fn: 'time', slot: 0 }],
  ])('names what is called: %s of clock %s', async (fn, clock, expected) => {
    const program = await startReader('--function', fn, '--clock', clock, '--rate', '2000');
    const probe = watch(program.pid);
    await pause(120);
    const { hits, windows } = value(probe.read());
    expect(hits.map(({ fn: name, slot }) => ({ fn: name, slot }))).toEqual([expected]);
    expect(hits[0]?.count).toBeGreaterThan(0);
    expect(windows).toBeGreaterThan(0);
    await program.end();
  });

  it('sees none where every read goes past the vDSO', async () => {
    const program = await startReader('--path', 'syscall', '--rate', 'hot');
    const probe = watch(program.pid);
    await pause(120);
    const { hits, armedThreadMs } = value(probe.read());
    expect(hits).toEqual([]);
    expect(armedThreadMs).toBeGreaterThan(2 * 45);
    await program.end();
  });

  it('stops at its bound, and says so', async () => {
    const program = await startReader('--rate', 'hot');
    const probe = watch(program.pid);
    await pause(120);
    const { hits, boundedWindows, armedThreadMs } = value(probe.read());
    expect(boundedWindows).toBe(1);
    expect(hits).toEqual([{ fn: 'clock_gettime', slot: 1, count: 8 }]);
    expect(armedThreadMs).toBeGreaterThan(0);
    await program.end();
  });

  it('leaves a hot loop its speed', async () => {
    const readsIn = async (whileRunning: (pid: number) => void) => {
      const program = await start(buildProgram('workload'), ['--rate', 'hot', '--seconds', '1']);
      whileRunning(program.pid);
      return Number(JSON.parse(await program.line()).reads);
    };
    const alone = await readsIn(() => {});
    const watched = await readsIn(watch);
    expect(watched / alone).toBeGreaterThan(0.8);
  });

  it('finds the one thread that reads among three hundred', async () => {
    const program = await start(buildProgram('one-busy-thread'), ['300']);
    await program.line();
    const probe = watch(program.pid);
    const seen = () => value(probe.read()).hits;
    await pause(120);
    await expect.poll(seen, { timeout: 5_000, interval: 100 }).toEqual([expect.objectContaining({ slot: 7 })]);
    await program.end();
  });

  it('has nothing to say before its first moment is over', async () => {
    const program = await startReader('--rate', '10');
    expect(watch(program.pid).read()).toMatchObject({ unavailable: 'absent' });
    await program.end();
  });

  it('says that a debugger holds the registers', async () => {
    const program = await startReader('--rate', '2000');
    const stack = /^([0-9a-f]+)-.*\[stack\]$/m.exec(readFileSync(`/proc/${program.pid}/maps`, 'latin1'))?.[1];
    const events = [0, 8, 16, 24].flatMap((at) => [
      '-e',
      `mem:0x${(BigInt(`0x${stack}`) + BigInt(at)).toString(16)}/8:w`,
    ]);
    const debug = await start('perf', ['stat', '-o', '/dev/null', ...events, '-p', String(program.pid)]);
    await pause(300);
    const probe = watch(program.pid);
    await pause(80);
    expect(probe.read()).toEqual({
      unavailable: 'failed',
      detail: 'the debug registers are taken by a debugger or another profiler',
    });
    await debug.end();
    await program.end();
  });

  it('is denied on the process of another user', async () => {
    const program = await startReader('--rate', '10');
    const source = `
      import { createFastReads } from '${collector('fast-reads')}';
      const probe = createFastReads({
        pid: ${program.pid}, vdsoBase: '${baseOf(program.pid)}', symbols: ${JSON.stringify(symbols)},
        threads: () => [${program.pid}],
      });
      probe.start();
      setTimeout(() => console.log(JSON.stringify(probe.read())), 80);
    `;
    expect(runAsNobody(source)).toMatchObject({
      unavailable: 'denied',
      detail: expect.stringContaining('CAP_PERFMON'),
      remedy: `sudo vdsotop -p ${program.pid}`,
    });
    await program.end();
  });

  it('has nothing to look for in a vDSO without these functions', () => {
    const probe = createFastReads({ pid: process.pid, vdsoBase: '1000', symbols: [], threads: () => [process.pid] });
    probe.start();
    expect(probe.read()).toMatchObject({
      unavailable: 'absent',
      detail: expect.stringContaining('none of the functions'),
    });
  });
});
