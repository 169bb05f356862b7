import { describe, expect, it } from 'vitest';
import { collectHost } from '../../src/collect/host/host.ts';
import { readOwnVdso } from '../../src/collect/host/own-vdso.ts';
import type { HostFacts } from '../../src/model/host.ts';
import { hostAfresh } from '../../src/session/host-afresh.ts';
import { available, denied } from '../analysis/snapshot-builder.ts';

const early = { bootSeconds: 1, text: 'tsc: Detected 2495.998 MHz processor' };
const late = {
  bootSeconds: 9_000,
  text: 'clocksource: Marking clocksource tsc as unstable because the skew is too large',
};
const before: HostFacts = {
  ...collectHost(readOwnVdso()),
  availableClocksources: available(['an older list']),
  kernelLog: available([early]),
  otherWatchers: available(['perf (pid 900) holds a perf event']),
};

describe('the host read again', () => {
  it('has what the kernel said since, and is otherwise as it is now', () => {
    const now = hostAfresh(before, [late]);
    expect(now.kernelLog).toMatchObject({ value: [early, late] });
    expect(now.otherWatchers).toBe(before.otherWatchers);
    expect(now.availableClocksources).not.toEqual(before.availableClocksources);
  });

  it('keeps a log that could not be read as it was', () => {
    const unread = { ...before, kernelLog: denied('/dev/kmsg') };
    expect(hostAfresh(unread, [late]).kernelLog).toBe(unread.kernelLog);
  });
});
