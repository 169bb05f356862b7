import { describe, expect, it } from 'vitest';
import { measureSampledTime } from '../../../src/analysis/sampled-time.ts';
import { createCpuSampleTally } from '../../../src/collect/cpu-samples/cpu-sample-tally.ts';
import { vdsoCode } from '../../../src/collect/cpu-samples/vdso-code.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { collectGarbage } from '../../collect-garbage.ts';

const inVdso = (name: string, ips: readonly bigint[]) => {
  const tally = createCpuSampleTally();
  const code = vdsoCode({ start: '10000', end: '12000', symbols: [{ name, offset: 0x320 }] });
  const samples = ips.map((ip) => ({ ip, tid: 7, mode: 'user' as const, code }));
  tally.add(samples, 1_000, () => false);
  return tally.counts().vdsoSymbols[name] ?? 0;
};

describe('CPU samples at the start of a vDSO function', () => {
  it('are time of our own breakpoint: at the first instruction, and on arm64 at the second, to which it steps', () => {
    const ips = [0x10320n, 0x10324n, 0x10328n];
    expect(inVdso('__vdso_clock_gettime', ips)).toBe(2);
    expect(inVdso('__kernel_clock_gettime', ips)).toBe(1);
  });

  it('are of the vDSO as each process maps it', () => {
    const tally = createCpuSampleTally();
    const at = (start: string, end: string) =>
      vdsoCode({ start, end, symbols: [{ name: '__vdso_clock_gettime', offset: 0x320 }] });
    const [here, there] = [at('10000', '12000'), at('20000', '22000')];
    const of = (ip: bigint, code: typeof here | undefined) => ({ ip, tid: 7, mode: 'user' as const, code });
    const samples = [of(0x10330n, here), of(0x10330n, there), of(0x20330n, there), of(0x20330n, undefined)];
    tally.add(samples, 1_000, () => false);
    expect(tally.counts().vdsoSymbols).toEqual({ __vdso_clock_gettime: 2 });
    expect(tally.counts().weights).toMatchObject({ all: 4_000, vdso: 2_000 });
  });
});

describe('the table of threads', () => {
  const code = vdsoCode({ start: '10000', end: '12000', symbols: [{ name: '__vdso_time', offset: 0x320 }] });
  const sample = (tid: number, ip: bigint) => ({ ip, tid, mode: 'user' as const, code });

  it('stands as it was at every moment, and is the same object for a thread that has not changed', () => {
    const tally = createCpuSampleTally();
    const moments = Array.from({ length: 500 }, (_, moment) => {
      // Threads come and go, sixteen at a time; the first one stays.
      const tids = [1, ...Array.from({ length: 16 }, (_, at) => 2 + 10 * moment + at)];
      tally.add(
        tids.map((tid) => sample(tid, tid % 2 === 0 ? 0x10330n : 0x20000n)),
        1_000,
        () => false,
      );
      const { threads } = tally.counts();
      return { threads, expected: moment % 49 === 0 ? structuredClone(threads()) : undefined };
    });
    for (const { threads, expected } of moments) if (expected !== undefined) expect(threads()).toEqual(expected);
    const [early, late] = [moments[100]?.threads() ?? [], moments[499]?.threads() ?? []];
    expect(late[0]).toEqual({ tid: 1, samples: 500, vdso: 0, kernelClock: 0, kernel: 0 });
    expect(early.filter((thread, at) => late[at] !== thread).map(({ tid }) => tid)).toEqual([
      1,
      ...Array.from({ length: 6 }, (_, at) => 1_012 + at),
    ]);
    // Beyond 4,096 threads the rest is one.
    expect(late).toHaveLength(4_097);
    expect(late.at(-1)).toMatchObject({ tid: 0 });
    expect(late.reduce((sum, { samples }) => sum + samples, 0)).toBe(500 * 17);
  });

  it('of two moments far apart is subtracted right', () => {
    const tally = createCpuSampleTally();
    const snapshots = Array.from({ length: 300 }, (_, at) => {
      tally.add([sample(1, 0x10330n), sample(1, 0x20000n), sample(100 + at, 0x10330n)], 1_000_000, () => false);
      const { threads, ...counts } = tally.counts();
      const times = { watchedCpuNs: at * 3e6, sampledCpuNs: at * 3e6, ranNs: at * 3e6 };
      const facts = { periodNs: 1e6, seesKernel: true, namesKernel: false, lost: 0 };
      const value = { ...facts, ...times, ...counts, threads: threads() };
      return { elapsedMs: at * 500, cpuSamples: { value, source: 'test' } } as unknown as Snapshot;
    });
    const [first, last] = [snapshots[50], snapshots[250]];
    if (first === undefined || last === undefined) throw new Error('made above');
    const time = measureSampledTime({ first, last }, 0.006);
    if ('unavailable' in time) throw new Error(time.detail);
    expect(time.vdsoSamples).toBe(400);
    expect(time.vdso.value).toBeCloseTo(0.004);
    expect([1, 150, 151, 350].map((tid) => time.threads.get(tid))).toEqual([200, 0, 1, 1]);
  });

  it('costs a past of ten minutes little, with thousands of threads that came and went', () => {
    const tally = createCpuSampleTally();
    const past: unknown[] = [];
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let moment = 0; moment < 1_200; moment += 1) {
      const tids = Array.from({ length: 16 }, (_, at) => 1 + 10 * moment + at);
      tally.add(
        tids.map((tid) => sample(tid, 0x10330n)),
        1_000,
        () => false,
      );
      past.push(tally.counts());
    }
    collectGarbage();
    expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(20);
    expect(past).toHaveLength(1_200);
  });
});
