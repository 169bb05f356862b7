import { describe, expect, it } from 'vitest';
import { createCpuSampleTally } from '../../../src/collect/cpu-samples/cpu-sample-tally.ts';
import { vdsoCode } from '../../../src/collect/cpu-samples/vdso-code.ts';

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
