import { expect, it, onTestFinished } from 'vitest';
import type { KernelLogLine } from '../../src/model/host.ts';
import { createEventLog } from '../../src/session/event-log.ts';
import { createWatchedHost } from '../../src/session/watched-host.ts';
import { available, unavailable } from '../analysis/snapshot-builder.ts';

const line = (bootSeconds: number, text: string) => ({ bootSeconds, text });
const [detected, early, late] = [
  line(1, 'tsc: Detected 2495.998 MHz processor'),
  line(900, 'clocksource: Switched to clocksource tsc'),
  line(901, 'tsc: Marking TSC unstable due to clocksource watchdog'),
];

const absent = unavailable('absent', 'not asked');
const rest = { distribution: absent, machineModel: absent, otherWatchers: absent };

/** A watch that has these lines, one a look. */
function saying(lines: readonly KernelLogLine[], isOpen = true) {
  const left = [...lines];
  const poll = () => ({ lines: left.splice(0, 1), lost: false });
  return () => ({ poll, isOpen: () => isOpen, close() {} });
}

/** What is kept of the log, which holds `logged`, where the kernel says more while it is read. */
async function logAfter(logged: readonly KernelLogLine[], said: readonly KernelLogLine[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const collectSlowHost = async () => {
    await promise;
    return { ...rest, kernelLog: available(logged, 'the log') };
  };
  const host = createWatchedHost(process.pid, createEventLog(), { watchKernelLog: saying(said), collectSlowHost });
  onTestFinished(host.close);
  const reading = host.readSlowFacts();
  for (const _ of said) host.follow();
  resolve();
  await reading;
  return host.facts().kernelLog;
}

it('has what the kernel said while its log was read, once', async () => {
  expect(await logAfter([detected, early], [early, late])).toMatchObject({ value: [detected, early, late] });
});

it('has a log that was read to its end as it is', async () => {
  expect(await logAfter([detected, early, late], [early, late])).toEqual({
    value: [detected, early, late],
    source: 'the log',
  });
});

it.each([
  ['may say why where it cannot be read: it is in part', false, /^the log; since then in part/],
  ['would have said so where it can be read', true, /^the log$/],
])('another clocksource is chosen, and the log %s', async (_, isOpen, source) => {
  let current = 'tsc';
  const host = createWatchedHost(process.pid, createEventLog(), {
    watchKernelLog: saying([], isOpen),
    readClocksource: () => available(current),
    collectSlowHost: async () => ({ ...rest, kernelLog: available([detected], 'the log') }),
  });
  onTestFinished(host.close);
  host.follow();
  await host.readSlowFacts();
  current = 'hpet';
  expect(host.follow()).toBe(true);
  expect(host.facts().kernelLog).toMatchObject({ value: [detected], source: expect.stringMatching(source) });
});
