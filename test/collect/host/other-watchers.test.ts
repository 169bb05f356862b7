import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readOtherWatchers } from '../../../src/collect/host/other-watchers.ts';
import { readEnabledClockEvents } from '../../../src/collect/host/trace-events.ts';
import { lookAtWatcher } from '../../../src/collect/host/watcher-descriptors.ts';
import type { HostFacts } from '../../../src/model/host.ts';
import { start, temporaryDirectory, value } from '../processes.ts';

const instance = `/sys/kernel/tracing/instances/vdsotop-test-${process.pid}`;
afterAll(() => {
  if (existsSync(instance)) rmdirSync(instance);
});

const watchersOf = (reading: HostFacts['otherWatchers']) => ('value' in reading ? reading.value : []);

describe('ftrace events on clock system calls', () => {
  it('are seen where an instance has one switched on, and no longer once it is gone', async () => {
    mkdirSync(instance);
    expect(value(readEnabledClockEvents()).filter((event) => event.includes('vdsotop-test'))).toEqual([]);
    writeFileSync(`${instance}/events/syscalls/sys_enter_clock_getres/enable`, '1');
    const name = instance.split('/').at(-1);
    const sentence = `ftrace event syscalls/sys_enter_clock_getres in instance ${name} is switched on`;
    expect(watchersOf(await readOtherWatchers())).toContain(sentence);
    rmdirSync(instance);
    expect(watchersOf(await readOtherWatchers())).not.toContain(sentence);
  });

  it('are absent where tracefs is not mounted', () => {
    expect(readEnabledClockEvents([temporaryDirectory()])).toMatchObject({
      unavailable: 'absent',
      remedy: expect.stringContaining('mount'),
    });
  });
});

describe('a process that watches system calls', () => {
  it('is bpftrace with its programs', async () => {
    const bpftrace = await start('bpftrace', [
      '-e',
      'tracepoint:syscalls:sys_enter_gettimeofday { @ = count(); } BEGIN { printf("ready\\n"); }',
    ]);
    for (let line = await bpftrace.line(); line !== 'ready'; line = await bpftrace.line());
    const sentence = `bpftrace (pid ${bpftrace.pid}) has a BPF program on sys_enter_gettimeofday`;
    const reading = await readOtherWatchers();
    expect(value(reading)).toContain(sentence);
    expect(value(reading).join()).not.toContain(`pid ${process.pid})`);
    await bpftrace.end();
    expect(watchersOf(await readOtherWatchers())).not.toContain(sentence);
  });

  it('may be perf: the kernel does not tell what its events count', async () => {
    const perf = await start('perf', ['stat', '-e', 'syscalls:sys_enter_clock_gettime', '-o', '/dev/null', 'cat']);
    let watcher = lookAtWatcher(perf.pid);
    while (watcher.unclear.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      watcher = lookAtWatcher(perf.pid);
    }
    expect(watcher).toMatchObject({ watches: [], hidden: false });
    expect(watcher.unclear[0]).toMatch(/^perf \(pid \d+\) holds \d+ perf event/);
  });

  it('is no ordinary process', async () => {
    const cat = await start('cat');
    expect(lookAtWatcher(cat.pid)).toEqual({ watches: [], unclear: [], hidden: false });
  });
});
