import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCpuSamplePrice } from '../../../src/collect/cpu-samples/cpu-sample-price.ts';
import { ownFiles } from '../../own-files.ts';
import { value } from '../processes.ts';

describe('the price of a CPU sample', () => {
  it('is measured once, and looked at again a second later: hosts change', async () => {
    const price = createCpuSamplePrice(process.pid, false);
    expect(price.read()).toMatchObject({ unavailable: 'absent' });
    const [one, other] = (await Promise.all([price.first(), price.first()])).map(value);
    expect(one).toBeGreaterThan(200);
    expect(one).toBeLessThan(1e6);
    expect(other).toBe(one);
    await sleep(1_500);
    expect(value(price.read())).not.toBe(one);
    price.close();
  });

  it('is not looked at again once it is closed, and leaves no event open', async () => {
    const price = createCpuSamplePrice(process.pid, true);
    const first = value(await price.first());
    price.close();
    await sleep(1_200);
    expect(value(price.read())).toBe(first);
    expect(ownFiles().filter(({ link }) => link.includes('perf_event'))).toEqual([]);
  });
});
