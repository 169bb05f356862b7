import { describe, expect, it } from 'vitest';
import { measureWindow } from '../../src/analysis/measurements.ts';
import { makeScenario, tscPrices } from './snapshot-builder.ts';

const mostOf = (prices: Readonly<Record<string, number>>, cpuCores = 0.8) =>
  measureWindow(makeScenario({ prices, cpuCores })).mostCalls ?? Number.NaN;

describe('the most vDSO calls that the CPU time allows', () => {
  it('are no fewer than a target makes that calls the cheapest function of the vDSO', () => {
    // time() in 80 % of a core, at 1.8 ns each.
    const most = mostOf({ ...tscPrices, 'time.vdso': 1.8 });
    expect(most).toBeGreaterThan(0.8e9 / 1.8);
    expect(most).toBeLessThan((2 * 0.8e9) / 1.8);
  });

  it.each(['gettimeofday.vdso', 'getcpu.vdso', '6.vdso'])(
    'count with the price of %s where that is the least',
    (key) => {
      expect(mostOf({ ...tscPrices, [key]: 1 })).toBeGreaterThan(8e8);
    },
  );

  it('are no fewer than those of a call that what lies around it hides a part of', () => {
    // 3.2 ns in a loop of nothing else; 19 ns were seen where such a loop takes 22.
    expect(mostOf(tscPrices)).toBeGreaterThan(0.8e9 / (3.2 * 0.86));
  });
});
