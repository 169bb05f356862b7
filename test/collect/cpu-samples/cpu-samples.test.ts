import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { paceOf, samplesPerTurn } from '../../../src/collect/cpu-samples/cpu-sample-pace.ts';
import { createCpuSamplePrice } from '../../../src/collect/cpu-samples/cpu-sample-price.ts';
import { type CpuSampling, createCpuSamples } from '../../../src/collect/cpu-samples/cpu-samples.ts';
import { findKernelClockFunctions } from '../../../src/collect/cpu-samples/kernel-clock-functions.ts';
import { readOwnVdso } from '../../../src/collect/host/own-vdso.ts';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { readMappings } from '../../../src/collect/process/read-mappings.ts';
import type { CpuSamples } from '../../../src/model/cpu-samples.ts';
import { ownFiles } from '../../own-files.ts';
import { buildProgram } from '../../programs/build.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { start, until, value } from '../processes.ts';
import { startWorkload } from '../workloads.ts';

const budget = 0.0015;

function sample(pid: number, part: { readonly budget?: number } = {}): CpuSampling {
  const mapping = value(readMappings(`/proc/${pid}`)).find(({ name }) => name === '[vdso]');
  const symbols = value(readOwnVdso()).symbols;
  const vdso = mapping && { start: mapping.start, end: mapping.end, symbols };
  const price = createCpuSamplePrice(pid, false);
  return createCpuSamples({ pid, threads: () => listThreads(pid), vdso, budget, price, ...part });
}

/** The workload, hot, sampled until so many samples came. */
async function sampleHot(samples: number, ...args: readonly string[]): Promise<CpuSamples> {
  const workload = await startWorkload('--rate', 'hot', ...args);
  const sampling = sample(workload.pid);
  workload.go();
  sampling.start();
  const taken = () => {
    const reading = sampling.read();
    return 'value' in reading ? reading.value.threads.reduce((sum, thread) => sum + thread.samples, 0) : 0;
  };
  await until(() => taken() >= samples);
  const read = value(sampling.read());
  sampling.close();
  await workload.end();
  return read;
}

const shareOf = ({ weights }: CpuSamples, part: 'vdso' | 'kernelClock' | 'kernel') => weights[part] / weights.all;

/** In a PVM guest the hypervisor makes the switch, for which the instruction in user code waits. */
const switchedByHypervisor = / pvm_irq_enable$/m.test(readFileSync('/proc/kallsyms', 'utf8'));

describe('CPU samples of a running process', () => {
  it('find a loop of clock_gettime in the vDSO, by the name of its function', { timeout: 30_000 }, async () => {
    const samples = await sampleHot(40);
    expect(shareOf(samples, 'vdso')).toBeGreaterThan(0.6);
    // '[vdso]': code before the first exported function, such as reading a pvclock, which has no name.
    const { __vdso_clock_gettime: named, '[vdso]': unnamed, ...others } = samples.vdsoSymbols;
    expect(named).toBeGreaterThan(unnamed === undefined ? 20 : 0);
    expect(others).toEqual({});
    expect(samples.watchedCpuNs).toBeGreaterThan(1e8);
    expect(samples.lost).toBe(0);
  });

  it('find a loop of clock syscalls in the kernel, most of it in code for clocks', { timeout: 30_000 }, async () => {
    const samples = await sampleHot(40, '--path', 'syscall');
    expect(shareOf(samples, 'vdso')).toBe(0);
    expect(shareOf(samples, 'kernel')).toBeGreaterThan(switchedByHypervisor ? 0.3 : 0.5);
    expect(samples.namesKernel).toBe(true);
    expect(shareOf(samples, 'kernelClock')).toBeGreaterThan(0.3);
  });

  it('see a 32-bit process too', { timeout: 30_000 }, async () => {
    skipUnlessRuns(['-m32']);
    const program = await start(buildProgram('workload', ['-m32']), ['--rate', 'hot']);
    const sampling = sample(program.pid);
    sampling.start();
    await until(() => {
      const reading = sampling.read();
      return 'value' in reading && reading.value.weights.vdso > 0;
    });
    sampling.close();
    await program.end();
  });

  it('keep to the budget: a hot loop is sampled as often as it can pay for', { timeout: 30_000 }, async () => {
    const workload = await startWorkload('--rate', 'hot');
    const sampling = sample(workload.pid);
    workload.go();
    sampling.start();
    await until(() => 'value' in sampling.read() && value(sampling.read()).weights.all > 0);
    const startedMs = performance.now();
    const before = sampling.spentNs();
    await sleep(3_000);
    const share = (sampling.spentNs() - before) / ((performance.now() - startedMs) * 1e6);
    sampling.close();
    await workload.end();
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(3 * budget);
  });

  it('survive the end of the target, and leave no event open', { timeout: 30_000 }, async () => {
    const workload = await startWorkload('--rate', 'hot');
    const sampling = sample(workload.pid);
    workload.go();
    sampling.start();
    await until(() => 'value' in sampling.read() && value(sampling.read()).weights.all > 0);
    await workload.end();
    await sleep(1_200);
    expect(value(sampling.read()).weights.all).toBeGreaterThan(0);
    sampling.close();
    expect(ownFiles().filter(({ link }) => link.includes('perf_event'))).toEqual([]);
  });

  it('are not taken where the budget is 0', () => {
    const sampling = sample(process.pid, { budget: 0 });
    sampling.start();
    expect(sampling.read()).toMatchObject({
      unavailable: 'absent',
      detail: 'CPU time is not sampled: its budget is 0',
    });
    expect(sampling.spentNs()).toBe(0);
    sampling.close();
  });
});

describe('the pace of sampling', () => {
  const nsPerSample = 15_000;
  const spent = (cores: number, turns: number) => {
    const { periodNs, onShare } = paceOf({ cores, turns }, budget, nsPerSample);
    return (((cores * 1e9) / periodNs + turns * samplesPerTurn(periodNs)) * onShare * nsPerSample) / 1e9;
  };

  it.each([
    [1, 0],
    [16, 100],
    [1, 20_000],
    [0.2, 1_000],
    [8, 200_000],
  ])('of %d cores and %d switches a second takes the budget and no more', (cores, turns) => {
    expect(spent(cores, turns)).toBeLessThanOrEqual(budget * 1.001);
    expect(spent(cores, turns)).toBeGreaterThan(budget / 4);
  });

  it('is never so fast that an idle thread which wakes up costs more than twenty budgets', () => {
    const { periodNs } = paceOf({ cores: 0.0001, turns: 1 }, budget, nsPerSample);
    expect(nsPerSample / periodNs).toBeLessThanOrEqual(20 * budget);
  });
});

describe("the kernel's clock functions", () => {
  it('are told by address, their ends excluded', async () => {
    const path = join(temporaryDirectory(), 'kallsyms');
    writeFileSync(
      path,
      'ffffffff81000080 T entry_SYSCALL_64\nffffffff810000ac T other\nffffffff81000100 t ktime_get\nffffffff81000180 T end\n',
    );
    const isClock = await findKernelClockFunctions(path);
    if (typeof isClock !== 'function') throw new Error(isClock.detail);
    const inside = [0xffffffff81000080n, 0xffffffff810000abn, 0xffffffff81000100n, 0xffffffff8100017fn];
    const outside = [0n, 0xffffffff8100007fn, 0xffffffff810000acn, 0xffffffff81000180n];
    expect(inside.map(isClock)).toEqual(inside.map(() => true));
    expect(outside.map(isClock)).toEqual(outside.map(() => false));
  });

  it('are unavailable where addresses are hidden', async () => {
    const path = join(temporaryDirectory(), 'kallsyms');
    writeFileSync(path, '0000000000000000 T entry_SYSCALL_64\n');
    expect(await findKernelClockFunctions(path)).toMatchObject({ unavailable: 'denied' });
  });
});
