import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { healthyServesFunction } from '../../src/analysis/function-service.ts';
import type { HostFacts } from '../../src/model/host.ts';
import { available, denied, makeScenario, type Scenario, tscHost, tscPrices } from './snapshot-builder.ts';

/** A host of that machine whose vDSO has these symbols. */
function hostOf(machine: string, symbols: readonly string[], more: Partial<HostFacts> = {}): Scenario {
  const { ownVdso } = tscHost;
  if ('unavailable' in ownVdso) throw new Error('the usual host has a vDSO');
  const image = { ...ownVdso.value, symbols: symbols.map((name, index) => ({ name, offset: 0x600 + index * 0x100 })) };
  return { host: { architecture: available(machine), ownVdso: available(image), ...more } };
}

const riscv = ['__vdso_clock_gettime', '__vdso_gettimeofday', '__vdso_clock_getres', '__vdso_getcpu'];
const power = ['__kernel_clock_gettime', '__kernel_gettimeofday', '__kernel_time', '__kernel_getcpu'];

function summaryOf(fn: 'gettimeofday' | 'time' | 'getcpu', scenario: Scenario) {
  const entries = [[fn, 0, 20_000]] as const;
  const { functions, ...report } = diagnose(makeScenario({ entries, ...scenario }), { version: '0' });
  const summary = functions.find((one) => one.fn === fn);
  const accused = report.findings.filter(({ verdict, role }) => verdict === 'confirmed' && role === 'cause');
  return { served: summary?.servedByVdso, verdict: report.verdict, accused: accused.map(({ id }) => id) };
}

describe('whether the vDSO serves a function', () => {
  it('is told by its symbol, under the name it has on that machine', () => {
    expect(summaryOf('getcpu', {}).served).toBe(true);
    expect(summaryOf('getcpu', hostOf('ppc64le', power)).served).toBe(true);
    expect(summaryOf('time', hostOf('ppc64le', power)).served).toBe(true);
    expect(summaryOf('time', hostOf('riscv64', riscv)).served).toBe(false);
    expect(summaryOf('gettimeofday', hostOf('riscv64', riscv)).served).toBe(true);
  });

  it('is no for getcpu of riscv, whose symbol is the system call: a program that asks is accused of nothing', () => {
    const told = summaryOf('getcpu', hostOf('riscv64', riscv));
    expect(told.served).toBe(false);
    expect(told.accused).toEqual([]);
    expect(summaryOf('getcpu', {}).verdict).toBe('slow');
  });

  it('is no for time() of User Mode Linux, whose whole vDSO makes system calls', () => {
    const uml = { foreignKernel: available('uml' as const) };
    expect(summaryOf('time', { host: uml }).served).toBe(false);
    expect(summaryOf('getcpu', { host: uml }).served).toBe(true);
  });

  it('is promised to a 32-bit program for getcpu from 6.8 on alone', () => {
    const healthy = (release: string) => {
      const host = { kernelRelease: available(release) };
      const scenario = makeScenario({ entries: [['getcpu', 0, 20_000]], host, target: { bits: available(32) } });
      return healthyServesFunction(scenario, 'getcpu');
    };
    expect(healthy('6.1.0')).toBe(false);
    expect(healthy('6.8.0')).toBe(true);
  });

  it('is yes where a later kernel answers such a symbol in far less than a system call', () => {
    const prices = { ...tscPrices, 'getcpu.vdso': 4 };
    expect(summaryOf('getcpu', { ...hostOf('riscv64', riscv), prices }).served).toBe(true);
    const dear = { ...tscPrices, 'getcpu.vdso': 135 };
    expect(summaryOf('getcpu', { ...hostOf('riscv64', riscv), prices: dear }).served).toBe(false);
  });

  it('is not known where the image could not be read', () => {
    expect(summaryOf('getcpu', { host: { ownVdso: denied() } }).served).toMatchObject({ unavailable: 'denied' });
  });
});
