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

  it('keeps the beginning and the newest of a log that grows on and on, and counts what it left out', () => {
    const says = (i: number) => ({ bootSeconds: 10 + i, text: `clocksource: line ${i}` });
    let now = before;
    for (let i = 0; i < 300; i += 1) now = hostAfresh(now, [says(2 * i), says(2 * i + 1)]);
    const { kernelLog } = now;
    if (!('value' in kernelLog)) throw new Error(kernelLog.detail);
    expect(kernelLog.value).toHaveLength(200);
    expect([kernelLog.value[0], kernelLog.value[49], kernelLog.value[50]]).toEqual([early, says(48), says(450)]);
    expect(kernelLog.value.at(-1)).toEqual(says(599));
    expect(kernelLog.cut).toEqual({ first: 50, last: 150, of: 601 });
    expect(kernelLog).toMatchObject({ source: 'source' in before.kernelLog && before.kernelLog.source });
  });

  it('keeps a log that could not be read as it was', () => {
    const unread = { ...before, kernelLog: denied('/dev/kmsg') };
    expect(hostAfresh(unread, [late]).kernelLog).toBe(unread.kernelLog);
  });
});
