import { describe, expect, it } from 'vitest';
import { entryPrice } from '../../src/analysis/entry-price.ts';
import { collectPrices, currentPrice } from '../../src/analysis/prices.ts';
import { measureService } from '../../src/analysis/vdso-service.ts';
import type { TimingSample } from '../../src/model/prices.ts';
import { timingsOf, tscHost, tscPrices, unservedPrices } from './snapshot-builder.ts';

const sample = (perCallNs: readonly number[], part: Partial<TimingSample> = {}): TimingSample => ({
  call: 'clock_gettime',
  clockId: 1,
  path: 'syscall',
  cpu: 0,
  callsPerBatch: 256,
  perCallNs,
  watched: false,
  ...part,
});
const syscall = { call: 'clock_gettime', clockId: 1, path: 'syscall' } as const;

describe('prices', () => {
  it('are percentiles over the batches of every CPU, without what is no price', () => {
    const prices = collectPrices({
      timings: [],
      unwatchedTimings: [sample([100, 200, Number.NaN]), sample([300, -5, Number.POSITIVE_INFINITY], { cpu: 1 })],
    });
    expect(prices.unwatched(syscall)).toEqual({
      p50: 200,
      p10: 120,
      p90: 280,
      p99: 298,
      batches: 3,
      taken: 'unwatched',
    });
  });

  it('taken while watched are never given for unwatched ones', () => {
    const prices = collectPrices({ timings: [sample([400, 400, 400], { watched: true })], unwatchedTimings: [] });
    expect(prices.unwatched(syscall)).toBeUndefined();
    expect(currentPrice(prices, syscall)).toMatchObject({ p50: 400, taken: 'watched' });
  });

  it('of now need a few batches to replace those of the start', () => {
    const timings = [sample([900], { watched: true })];
    const prices = collectPrices({ timings, unwatchedTimings: [sample([165, 165, 165])] });
    expect(currentPrice(prices, syscall)).toMatchObject({ p50: 165, taken: 'unwatched' });
  });
});

describe('the price of an entry', () => {
  const healthy = collectPrices({ timings: [], unwatchedTimings: timingsOf(tscPrices) });

  it('is its own where it was timed', () => {
    expect(entryPrice(healthy, 'gettimeofday', 0)).toMatchObject({ ns: { value: 170 } });
    expect(entryPrice(healthy, 'vsyscall_gettimeofday', 0)).toMatchObject({ ns: { value: 345 } });
  });

  it('is that of its like where it was not, from a null syscall upwards, and says so', () => {
    const price = entryPrice(healthy, 'clock_gettime', 33);
    expect(price).toMatchObject({ ns: { value: 212 }, standIn: 'clock_gettime of THREAD_CPUTIME_ID' });
    expect('ns' in price && price.ns.low).toBeLessThan(111);
    expect(entryPrice(healthy, 'clock_gettime', 13)).toMatchObject({ standIn: 'a null syscall' });
    expect(entryPrice(healthy, 'clock_getres', 0)).toMatchObject({ standIn: 'a null syscall' });
    const resolution = collectPrices({
      timings: [],
      unwatchedTimings: timingsOf({ ...tscPrices, 'clock_getres.syscall': 140 }),
    });
    expect(entryPrice(resolution, 'clock_getres', 0)).toMatchObject({
      ns: { value: 140, low: expect.closeTo(110, -1) },
      standIn: 'clock_getres of REALTIME',
    });
  });

  it('is not made up for a device, nor for a vsyscall page that could not be called', () => {
    expect(entryPrice(healthy, 'clock_gettime', 34)).toMatchObject({ unavailable: 'absent' });
    expect(entryPrice(healthy, 'vsyscall_getcpu', 0)).toMatchObject({ unavailable: 'absent' });
  });

  it('is withdrawn when reading the counter has become dearer since', () => {
    const added = Object.fromEntries(Object.entries(unservedPrices(1_500)).map(([key, ns]) => [key, ns + 150]));
    const prices = collectPrices({ timings: timingsOf(added, true), unwatchedTimings: timingsOf(tscPrices) });
    expect(entryPrice(prices, 'clock_gettime', 1)).toMatchObject({ unavailable: 'failed' });
    expect(entryPrice(prices, 'clock_gettime', 3)).toMatchObject({ ns: { value: 212 } });
  });

  it('stands when watching makes every syscall dearer alike', () => {
    const added = Object.fromEntries(Object.entries(tscPrices).map(([key, ns]) => [key, ns + 400]));
    const prices = collectPrices({ timings: timingsOf(added, true), unwatchedTimings: timingsOf(tscPrices) });
    expect(entryPrice(prices, 'clock_gettime', 1)).toMatchObject({ ns: { value: 165 } });
  });
});

describe('whether the vDSO serves a clock', () => {
  const serviceOf = (prices: Readonly<Record<string, number>>) =>
    measureService(collectPrices({ timings: [], unwatchedTimings: timingsOf(prices) }), tscHost);

  it('is told by the price of either path', () => {
    expect(serviceOf(tscPrices)(1)).toMatchObject({ served: true });
    expect(serviceOf(unservedPrices(1_500))(1)).toMatchObject({ served: false });
    expect(serviceOf(tscPrices)(3)).toMatchObject({ served: false });
  });

  it('is told by the difference where the counter itself is dear', () => {
    const trapping = { '1.vdso': 1_610, '1.syscall': 1_760, 'null_syscall.syscall': 110 };
    expect(serviceOf(trapping)(1)).toMatchObject({ served: true });
  });

  it('is not told where the prices lie too close', () => {
    expect(serviceOf({ '1.vdso': 150, '1.syscall': 205, 'null_syscall.syscall': 110 })(1)).toMatchObject({
      unavailable: 'failed',
    });
    expect(serviceOf({ '1.vdso': 150, '1.syscall': 205 })(1)).toMatchObject({ unavailable: 'failed' });
  });

  it('is not told by the difference where a path was timed so seldom that its spread is not known', () => {
    const once = (path: 'vdso' | 'syscall', ns: number) => sample([ns], { path });
    const floor = sample([110, 110, 110], { call: 'null_syscall', clockId: undefined });
    const serviceOfOnce = (vdso: number, syscall: number) =>
      measureService(
        collectPrices({ timings: [], unwatchedTimings: [once('vdso', vdso), once('syscall', syscall), floor] }),
        tscHost,
      )(1);
    expect(serviceOfOnce(620, 720)).toMatchObject({ unavailable: 'failed' });
    expect(serviceOfOnce(720, 720)).toMatchObject({ unavailable: 'failed' });
    expect(serviceOfOnce(21, 165)).toMatchObject({ served: true });
  });

  it('is not told where one path was not timed', () => {
    expect(serviceOf({ '1.vdso': 21 })(1)).toMatchObject({ unavailable: 'absent' });
  });
});
