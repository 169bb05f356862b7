import { describe, expect, it } from 'vitest';
import { createCpuSampleTally } from '../../../src/collect/cpu-samples/cpu-sample-tally.ts';

const inVdso = (name: string, ips: readonly bigint[]) => {
  const tally = createCpuSampleTally({ start: '10000', end: '12000', symbols: [{ name, offset: 0x320 }] });
  const samples = ips.map((ip) => ({ ip, tid: 7, mode: 'user' as const }));
  tally.add(samples, 1_000, () => false);
  return tally.counts().vdsoSymbols[name] ?? 0;
};

describe('CPU samples at the start of a vDSO function', () => {
  it('are time of our own breakpoint: at the first instruction, and on arm64 at the second, to which it steps', () => {
    const ips = [0x10320n, 0x10324n, 0x10328n];
    expect(inVdso('__vdso_clock_gettime', ips)).toBe(2);
    expect(inVdso('__kernel_clock_gettime', ips)).toBe(1);
  });
});
