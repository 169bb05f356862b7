import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readBpfLinks } from '../../../src/collect/host/bpf-links.ts';
import { hasFullSight } from '../../../src/collect/host/has-full-sight.ts';
import { mayWatch } from '../../../src/collect/host/may-watch.ts';
import { readOtherWatchers } from '../../../src/collect/host/other-watchers.ts';
import { readEnabledClockEvents } from '../../../src/collect/host/trace-events.ts';
import { describeUnheldLinks } from '../../../src/collect/host/unheld-links.ts';
import { lookAtWatcher } from '../../../src/collect/host/watcher-descriptors.ts';
import { whyHidden } from '../../../src/collect/host/why-hidden.ts';
import type { HostFacts } from '../../../src/model/host.ts';
import { skipUnless } from '../../skip-unless.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { insidePidNamespace } from '../inside-pid-namespace.ts';
import { collector, compile, runAsNobody, start, until, value } from '../processes.ts';

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

  it('is named once, with how many programs it has', async () => {
    const probes = ['sys_enter_gettimeofday', 'sys_exit_gettimeofday', 'sys_enter_time', 'sys_exit_time'];
    const programs = probes.map((probe) => `tracepoint:syscalls:${probe} { @ = count(); }`).join(' ');
    const bpftrace = await start('bpftrace', ['-e', `${programs} BEGIN { printf("ready\\n"); }`]);
    for (let line = await bpftrace.line(); line !== 'ready'; line = await bpftrace.line());
    const { watches } = lookAtWatcher(bpftrace.pid);
    expect(watches).toEqual([
      expect.stringMatching(/^bpftrace \(pid \d+\) has 4 BPF programs on sys_\w+, sys_\w+, sys_\w+ and 1 more$/),
    ]);
    await bpftrace.end();
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

  it.each([
    ['fentry', 'tracing', 'yes'],
    ['kprobe-multi', 'kprobe_multi', 'yes'],
    ['a type that is not known here', '<99>', 'yes'],
    ['a perf event', 'perf', 'perf'],
    ['cgroup', 'cgroup', 'no'],
    ['xdp', 'xdp', 'no'],
  ] as const)('may be one that holds a link on %s of which the kernel tells no more', (_name, type, may) => {
    expect(mayWatch(`pos:\t0\nflags:\t02000000\nlink_type:\t${type}\nlink_id:\t7\nprog_id:\t42\n`)).toBe(may);
  });

  it('may be one that holds a link of an older kernel, whose file names no type', () => {
    expect(mayWatch('pos:\t0\nflags:\t02000000\n')).toBe('yes');
  });

  it('may be one that holds a real link which does not answer, but not one on a network namespace', async () => {
    const program = compile(temporaryDirectory(), 'bpf-link');
    const id = readFileSync('/sys/kernel/tracing/events/syscalls/sys_enter_clock_getres/id', 'utf8').trim();
    const onTracepoint = await start(program, ['perf', id]);
    expect(await onTracepoint.line()).toBe('held');
    expect(lookAtWatcher(onTracepoint.pid)).toEqual({
      watches: [],
      unclear: [`bpf-link (pid ${onTracepoint.pid}) holds 1 BPF link, and the kernel does not tell on what`],
      links: [expect.any(Number)],
      hidden: false,
    });
    await onTracepoint.end();
    const onNamespace = await start('unshare', ['--net', program, 'netns']);
    expect(await onNamespace.line()).toBe('held');
    expect(lookAtWatcher(onNamespace.pid)).toMatchObject({ watches: [], unclear: [], hidden: false });
  });

  it('may be one of which not all descriptors were looked at', async () => {
    const cat = await start('cat');
    const cut = lookAtWatcher(cat.pid, { descriptors: 1, queried: 512 });
    expect(cut.unclear).toEqual([
      expect.stringMatching(/^cat \(pid \d+\) holds \d+ descriptors? more than were looked at$/),
    ]);
    const perf = await start('perf', ['stat', '-e', 'syscalls:sys_enter_clock_gettime', '-o', '/dev/null', 'cat']);
    await until(() => lookAtWatcher(perf.pid).unclear.length > 0);
    expect(lookAtWatcher(perf.pid, { descriptors: 4_096, queried: 0 }).unclear.join()).toContain(
      'more than were looked at',
    );
  });

  it('may be among processes that were not looked at', async () => {
    const reading = await readOtherWatchers(0);
    expect(reading).toMatchObject({ unavailable: 'unsupported' });
    expect(JSON.stringify(reading)).toMatch(/\d+ processes more than were looked at/);
  });

  it('may be outside of our PID namespace', () => {
    const source = `import { readOtherWatchers } from ${JSON.stringify(collector('host/other-watchers'))};
      console.log(JSON.stringify(await readOtherWatchers()));`;
    expect(JSON.parse(execFileSync('unshare', insidePidNamespace(source), { encoding: 'utf8' }))).toMatchObject({
      unavailable: 'unsupported',
      detail: expect.stringContaining('outside this PID namespace'),
    });
  });

  it('is no ordinary process', async () => {
    const cat = await start('cat');
    expect(lookAtWatcher(cat.pid)).toEqual({ watches: [], unclear: [], links: [], hidden: false });
  });
});

describe('a process that does not show its descriptors', () => {
  const init = ['init (pid 1)'];

  it('is no reason to become root for who has all rights, and is named to them', () => {
    const why = whyHidden(init, 75, true);
    expect(why.detail).toBe('init (pid 1) does not show its file descriptors, not even to root with CAP_SYS_PTRACE');
    expect(why).not.toHaveProperty('remedy');
    expect(whyHidden([...init, 'a (pid 2)', 'b (pid 3)', 'c (pid 4)'], 75, true).detail).toBe(
      'init (pid 1), a (pid 2) and 2 more do not show their file descriptors, not even to root with CAP_SYS_PTRACE',
    );
  });

  it('is one for who has not', () => {
    expect(whyHidden(init, 75, false)).toEqual({
      unavailable: 'denied',
      detail: '1 of 75 other processes does not show its file descriptors to us',
      remedy: 'sudo vdsotop (on the host, outside any container)',
    });
  });

  it('has all rights who may trace, and not in a user namespace alone', () => {
    const [all, mapped] = ['all', 'mapped'].map((name) => join(temporaryDirectory(), name)) as [string, string];
    writeFileSync(all, '         0          0 4294967295\n');
    writeFileSync(mapped, '         0       1000          1\n');
    const capabilities = (...value: readonly string[]) => ({ value, source: 'test' });
    expect(hasFullSight(all, capabilities('sys_ptrace'))).toBe(true);
    expect(hasFullSight(join(mapped, 'none'), capabilities('sys_ptrace'))).toBe(true);
    expect(hasFullSight(mapped, capabilities('sys_ptrace'))).toBe(false);
    expect(hasFullSight(all, capabilities('bpf'))).toBe(false);
  });
});

describe('a BPF link that no process holds', () => {
  const program = compile(temporaryDirectory(), 'bpf-link');
  const idOf = (event: string) => readFileSync(`/sys/kernel/tracing/events/${event}/id`, 'utf8').trim();

  it.each([
    ['syscalls/sys_enter_clock_getres', true],
    ['sched/sched_switch', false],
  ])('is found where it is pinned on %s: a watcher, %s', async (event, isWatcher) => {
    const pinner = await start(program, ['perf', idOf(event), temporaryDirectory()]);
    expect(await pinner.line()).toBe('pinned');
    expect(lookAtWatcher(pinner.pid)).toEqual({ watches: [], unclear: [], links: [], hidden: false });
    const name = event.split('/')[1];
    const link = value(await readBpfLinks()).findLast((one) => one.name === name);
    expect(link).toMatchObject({ type: 7, kind: 5 });
    const sentence = `BPF program ${link?.program_id} is on ${name}; no process that was looked at holds its link`;
    expect(watchersOf(await readOtherWatchers()).includes(sentence)).toBe(isWatcher);
    await pinner.end();
    // With its mount namespace the kernel lets go of the link, a moment later.
    for (let tries = 0; tries < 100 && value(await readBpfLinks()).some(({ id }) => id === link?.id); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(watchersOf(await readOtherWatchers())).not.toContain(sentence);
  });

  it('is not told of twice where a process holds it', async () => {
    const holder = await start(program, ['perf', idOf('syscalls/sys_enter_clock_getres')]);
    expect(await holder.line()).toBe('held');
    const [held] = lookAtWatcher(holder.pid).links;
    expect(value(await readBpfLinks()).map(({ id }) => id)).toContain(held);
    expect(JSON.stringify(await readOtherWatchers())).not.toContain('holds its link');
    await holder.end();
  });

  it('is not seen by a user without rights, which is said', () => {
    skipUnless(process.geteuid?.() === 0, 'only root can ask as somebody else');
    const source = `import { readBpfLinks } from '${collector('host/bpf-links')}'; console.log(JSON.stringify(await readBpfLinks()));`;
    expect(runAsNobody(source)).toEqual({
      unavailable: 'denied',
      detail: expect.stringContaining('cannot be listed: EPERM, it takes CAP_SYS_ADMIN'),
      remedy: 'sudo vdsotop',
    });
  });

  const link = { id: 7, type: 7, program_id: 12, kind: 5, name: 'sys_enter_time' };
  const sentence = 'BPF program 12 is on sys_enter_time; no process that was looked at holds its link';
  const untold = 'no process that was looked at holds 1 BPF link, and the kernel does not tell on what';

  it.each([
    ['a tracepoint of clock reads', {}, { watches: [sentence], unclear: [] }],
    ['another tracepoint', { name: 'sched_switch' }, { watches: [], unclear: [] }],
    ['every system call', { type: 1, kind: 0, name: 'sys_exit' }, { watches: [expect.any(String)], unclear: [] }],
    ['a kernel function', { kind: 3, name: '__x64_sys_time' }, { watches: [expect.any(String)], unclear: [] }],
    ['a perf event, before Linux 6.6', { kind: 0, name: '' }, { watches: [], unclear: [untold] }],
    ['a function of user space', { kind: 1, name: '' }, { watches: [], unclear: [] }],
    ['fentry', { type: 2, kind: 24, name: '' }, { watches: [], unclear: [untold] }],
    ['a hook of the security modules', { type: 2, kind: 27, name: '' }, { watches: [], unclear: [] }],
    ['kprobe-multi', { type: 8, kind: 0, name: '' }, { watches: [], unclear: [untold] }],
    ['a cgroup', { type: 3, kind: 0, name: '' }, { watches: [], unclear: [] }],
    ['a type that is not known here', { type: 99, kind: 0, name: '' }, { watches: [], unclear: [untold] }],
  ])('is told by what it hangs on: %s', (_, changes, told) => {
    expect(describeUnheldLinks([{ ...link, ...changes }], new Set())).toEqual(told);
    expect(describeUnheldLinks([{ ...link, ...changes }], new Set([7]))).toEqual({ watches: [], unclear: [] });
  });
});
