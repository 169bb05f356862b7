import { describe, expect, it } from 'vitest';
import { layBasis } from '../../src/analysis/basis.ts';
import { collectedFacts } from '../../src/analysis/facts/collected-facts.ts';
import { collectHost } from '../../src/collect/host/host.ts';
import { readOwnVdso } from '../../src/collect/host/own-vdso.ts';
import { watchKernelLog } from '../../src/collect/host/watch-kernel-log.ts';
import type { HostFacts, KernelLogLine } from '../../src/model/host.ts';
import { hostAfresh } from '../../src/session/host-afresh.ts';
import { available, makeScenario, unavailable } from '../analysis/snapshot-builder.ts';

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

const news = (...lines: readonly KernelLogLine[]) => ({ lines, lost: false });

describe('the host read again', () => {
  it('has what the kernel said since, and is otherwise as it is now', () => {
    const now = hostAfresh(before, news(late));
    expect(now.kernelLog).toMatchObject({ value: [early, late] });
    expect(now.otherWatchers).toBe(before.otherWatchers);
    expect(now.availableClocksources).not.toEqual(before.availableClocksources);
  });

  it('keeps the beginning and the newest of a log that grows on and on, and counts what it left out', () => {
    const says = (i: number) => ({ bootSeconds: 10 + i, text: `clocksource: line ${i}` });
    let now = before;
    for (let i = 0; i < 300; i += 1) now = hostAfresh(now, news(says(2 * i), says(2 * i + 1)));
    const { kernelLog } = now;
    if (!('value' in kernelLog)) throw new Error(kernelLog.detail);
    expect(kernelLog.value).toHaveLength(200);
    expect([kernelLog.value[0], kernelLog.value[49], kernelLog.value[50]]).toEqual([early, says(48), says(450)]);
    expect(kernelLog.value.at(-1)).toEqual(says(599));
    expect(kernelLog.cut).toEqual({ first: 50, last: 150, of: 601 });
    expect(kernelLog).toMatchObject({ source: 'source' in before.kernelLog && before.kernelLog.source });
  });

  it('counts what is left out of many lines that came at once', () => {
    const records = Array.from({ length: 600 }, (_, i) => {
      return { sequence: i, fromKernel: true, bootSeconds: 10 + i, text: `clocksource: line ${i}` };
    });
    const kmsg = { read: () => ({ records, atEnd: true, lost: false }), close() {} };
    const watch = watchKernelLog(() => kmsg);
    expect(watch.poll()).toEqual({ lines: [], lost: false });
    expect(hostAfresh(before, watch.poll()).kernelLog).toMatchObject({ cut: { first: 50, last: 150, of: 601 } });
  });

  it('does not take a log for whole that could no longer be read', () => {
    const read = () => {
      throw new Error('EINVAL');
    };
    const watch = watchKernelLog(() => ({ read, close() {} }));
    expect(watch.isOpen()).toBe(true);
    expect(hostAfresh(before, watch.poll()).kernelLog).toMatchObject({ source: expect.stringContaining('in part') });
    expect([watch.isOpen(), watch.poll()]).toEqual([false, news()]);
  });

  it('does not take a log for whole of which records were overwritten before they were read', () => {
    const { kernelLog } = hostAfresh(before, { lines: [], lost: true });
    expect(kernelLog).toMatchObject({ value: [early], source: expect.stringMatching(/; since then in part: /) });
    const twice = hostAfresh({ ...before, kernelLog }, { lines: [late], lost: true });
    expect(twice.kernelLog).toEqual({ ...kernelLog, value: [early, late] });
    const { 'whole kernel log': whole } = collectedFacts(layBasis(makeScenario({ host: { kernelLog } })));
    expect(whole).toMatchObject({ unavailable: 'absent', detail: expect.stringContaining('only a part of the log') });
  });

  it('keeps what the kernel said since where nothing was left of the log before, or could be read', () => {
    const absent = unavailable('absent', 'the ring buffer begins 3000 s after boot, and says nothing of TSC');
    expect(hostAfresh({ ...before, kernelLog: absent }, news()).kernelLog).toBe(absent);
    const { kernelLog } = hostAfresh({ ...before, kernelLog: absent }, news(late));
    expect(kernelLog).toEqual({ value: [late], source: 'kernel log, in part: since vdsotop began' });
    const scenario = makeScenario({ host: { kernelLog, availableClocksources: available(['hpet']) } });
    const { 'whole kernel log': whole } = collectedFacts(layBasis(scenario));
    expect(whole).toMatchObject({ unavailable: 'absent' });
  });
});
