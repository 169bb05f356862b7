import { describe, expect, it } from 'vitest';
import { createAddressSpace } from '../../../src/collect/code-places/address-space.ts';
import { readCodeMappings } from '../../../src/collect/code-places/read-code-mappings.ts';
import { until, value } from '../processes.ts';

const ours = value(readCodeMappings('/proc/self'));

describe('createAddressSpace', () => {
  it('finds every mapping of code by its first and its last address, and none between', () => {
    const space = createAddressSpace(process.pid, 60_000);
    for (const { start, end, range } of ours) {
      expect(space.find(start)?.range).toBe(range);
      expect(space.find(end - 1)?.range).toBe(range);
    }
    expect(space.find(0)).toBeUndefined();
    expect(space.find(2 ** 47)).toBeUndefined();
  });

  it('reads maps again for an unknown address, but not before its time', async () => {
    const patient = createAddressSpace(process.pid, 60_000);
    for (let asked = 0; asked < 100; asked += 1) patient.find(0x10);
    expect(patient.generation).toBe(1);
    const restless = createAddressSpace(process.pid, 0);
    await until(() => {
      restless.find(0x10);
      return restless.generation >= 3;
    });
  });

  it('has no mappings for a process that is none, and says why', () => {
    const space = createAddressSpace(2 ** 22, 60_000);
    expect(space.find(0x1000)).toBeUndefined();
    expect(space.failure).toMatchObject({ unavailable: 'absent' });
  });
});
