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

/** Watches while a log is read that holds `logged`; the lines of `said` come one a look before it is there. */
async function logAfter(logged: readonly KernelLogLine[], said: readonly KernelLogLine[]) {
  const left = [...said];
  const kernelLog = { poll: () => ({ lines: left.splice(0, 1), lost: false }), close() {} };
  const absent = unavailable('absent', 'not asked');
  const slow = { distribution: absent, machineModel: absent, otherWatchers: absent };
  const { promise, resolve } = Promise.withResolvers<void>();
  const collect = async () => {
    await promise;
    return { ...slow, kernelLog: available(logged, 'the log') };
  };
  const host = createWatchedHost(process.pid, createEventLog(), kernelLog, collect);
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
