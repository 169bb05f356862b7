import { describe, expect, it } from 'vitest';
import { describeClockSupport } from '../../src/analysis/clock-support.ts';
import { makeScenario, type PriceList, tscHost, tscPrices } from './snapshot-builder.ts';

const here = { kernel: '6.18.44', machine: 'x86_64' };

function supportBy(prices: PriceList, host: Partial<typeof tscHost> = {}) {
  const { unwatchedTimings } = makeScenario({ prices });
  const { rows } = describeClockSupport(here, { host: { ...tscHost, ...host }, timings: unwatchedTimings });
  return new Map(rows.map((row) => [row.name, row]));
}

/** What an hpet host shows: the vDSO is there and makes the system call. */
const slowPrices: PriceList = { ...tscPrices, '1.vdso': 1_190, '1.syscall': 1_180, '1.libc': 1_195 };

describe('which clocks the vDSO answers here', () => {
  it('is what the source says on a healthy host', () => {
    const rows = supportBy(tscPrices);
    expect(rows.get('MONOTONIC')).toMatchObject({ expected: true, measured: { served: true } });
    expect(rows.get('THREAD_CPUTIME_ID')).toMatchObject({ expected: false, measured: { served: false } });
    expect([...rows.values()].filter(({ disagreement }) => disagreement !== undefined)).toEqual([]);
  });

  it('is said to disagree with the source where a clocksource sends it to the kernel, with what the host shows', () => {
    const row = supportBy(slowPrices, { currentClocksource: { value: 'hpet', source: 'sysfs' } }).get('MONOTONIC');
    expect(row).toMatchObject({ expected: true, measured: { served: false } });
    expect(row?.disagreement).toContain('its clocksource is hpet');
  });

  it('does not lay to a backport what another kernel does in the place of Linux', () => {
    const gvisor = { foreignKernel: { value: 'gvisor', source: '/proc/version' } } as const;
    const { unwatchedTimings } = makeScenario({ prices: tscPrices });
    const { rows } = describeClockSupport(
      { kernel: '4.4.0', machine: 'x86_64' },
      { host: { ...tscHost, ...gvisor }, timings: unwatchedTimings },
    );
    const raw = rows.find(({ name }) => name === 'MONOTONIC_RAW');
    expect(raw).toMatchObject({ expected: false, measured: { served: true } });
    expect(raw?.disagreement).toBe('the kernel is not Linux (gvisor), and its vDSO is its own');
  });

  it('names a missing vDSO as the reason', () => {
    const row = supportBy(slowPrices, { ownMappings: { value: [], source: 'maps' } }).get('MONOTONIC');
    expect(row?.disagreement).toContain('maps no vDSO');
  });

  it('is not known of a clock that could not be timed, nor of a machine whose source was not read', () => {
    expect(supportBy(tscPrices).get('REALTIME_ALARM')?.measured?.vdsoNs).toMatchObject({ unavailable: 'absent' });
    const { rows } = describeClockSupport({ kernel: '6.1', machine: 's390x' });
    expect(rows[0]?.expected).toMatchObject({ unavailable: 'unsupported' });
  });
});
