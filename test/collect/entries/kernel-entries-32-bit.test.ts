import { readdirSync, readlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KernelEntries } from '../../../src/collect/entries/kernel-entries.ts';
import { listChildren } from '../../../src/collect/process/list-children.ts';
import { buildProgram } from '../../programs/build.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { type Started, start, until, value } from '../processes.ts';
import { enterInManyWays, startWorkload, startWorkloadBuilt, tally, untilCounted } from '../workloads.ts';
import { openForTest } from './open-for-test.ts';
import { startPerfStat } from './perf-stat.ts';

const time32 = ['-m32'];
const time64 = ['-m32', '-D_TIME_BITS=64', '-D_FILE_OFFSET_BITS=64'];

describe('a 32-bit program', () => {
  beforeEach(() => skipUnlessRuns(['-m32']));

  it.each([
    ['time32, through libc', time32, ['--clock', '3']],
    ['time64, through libc', time64, ['--clock', '3']],
    ['time32, by syscall(), two threads', time32, ['--clock', '7', '--path', 'syscall', '--threads', '2']],
    ['time64, by its own instruction', time64, ['--clock', '1', '--path', 'inline']],
  ])('is counted exactly: %s', async (_, flags, args) => {
    const program = await startWorkloadBuilt(flags, ...args, '--rate', '20000');
    const counter = openForTest({ pid: program.pid });
    program.go();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const reads = await program.stop();
    const totals = value(counter.read());
    expect(reads).toBeGreaterThan(0);
    expect(tally(totals)).toEqual({ [`clock_gettime ${args[1]}`]: reads });
    expect(totals).toMatchObject({ method: 'bpf', exact: true, unattributed: 0, sees32Bit: true });
  });

  it('has no entries where its vDSO serves it', async () => {
    const program = await startWorkloadBuilt(time32, '--clock', '1', '--count', '5000', '--rate', 'hot');
    const counter = openForTest({ pid: program.pid });
    program.go();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await program.stop()).toBe(5_000);
    expect(value(counter.read())).toMatchObject({ counts: [], exact: true, sees32Bit: true });
  });

  it.each([['clock_getres'], ['gettimeofday'], ['time'], ['getcpu']])('has %s counted apart', async (fn) => {
    const what = ['--function', fn, '--clock', '0', '--path', 'syscall', '--count', '1234', '--rate', 'hot'];
    const program = await startWorkloadBuilt(time32, ...what);
    const counter = openForTest({ pid: program.pid });
    program.go();
    expect(tally(await untilCounted(counter, 1_234))).toEqual({ [`${fn} 0`]: 1_234 });
    await program.end();
  });

  it('has each thread named as /proc does', async () => {
    const program = await startWorkloadBuilt(time32, '--clock', '3', '--rate', '100');
    const counter = openForTest({ pid: program.pid });
    program.go();
    const { threads } = await untilCounted(counter, 1);
    expect(readdirSync(`/proc/${program.pid}/task`)).toContain(String(threads[0]?.tid));
    await program.end();
  });

  it.each(['ids', 'threads', 'exec'])('loses and doubles nothing: %s', async (action) => {
    let counter: KernelEntries | undefined;
    const arm = (pid: number) => {
      counter = openForTest({ pid, bits: 32 });
    };
    const { own, program } = await enterInManyWays(action, 50, arm, time32);
    const totals = value(counter?.read() ?? neverArmed);
    expect(tally(totals)).toEqual(own);
    expect(totals.exact).toBe(true);
    await program.end();
  });

  it('has its children left out, unless they are asked for', async () => {
    let alone: KernelEntries | undefined;
    let tree: KernelEntries | undefined;
    const arm = (pid: number) => {
      alone = openForTest({ pid, bits: 32 });
      tree = openForTest({ pid, bits: 32 }, { children: true });
    };
    const { own, child, program } = await enterInManyWays('forks', 20, arm, time32);
    expect(tally(value(alone?.read() ?? neverArmed))).toEqual(own);
    expect(tally(value(tree?.read() ?? neverArmed))).toEqual({ ...own, ...child });
    await program.end();
  });

  it('has its clocks counted as one by perf counters', async () => {
    const program = await startWorkloadBuilt(time64, '--clock', '3', '--count', '700', '--rate', 'hot');
    const counter = openForTest({ pid: program.pid }, { method: 'perf' });
    program.go();
    const totals = await untilCounted(counter, 700);
    expect(tally(totals)).toEqual({ 'clock_gettime 36': 700 });
    expect(totals).toMatchObject({ method: 'perf', exact: true, threads: [], sees32Bit: true });
    await program.end();
  });
});

describe('telling 32-bit calls from those of 64-bit code', () => {
  const times = 3_000;
  const finish = async (program: Started) => {
    program.child.stdin?.write('go\n');
    return Number((await program.line()).split(' ')[1]);
  };

  it.each([[false], [true]])('counts none of the calls that bear the same numbers, tree: %s', async (children) => {
    skipUnlessRuns(['-m32']);
    const program = await start(buildProgram('same-numbers'), [String(times)]);
    const counter = openForTest({ pid: program.pid, bits: 32 }, { method: 'bpf', children });
    const by32BitGate = await finish(program);
    expect(tally(value(counter.read()))).toEqual(by32BitGate === 0 ? {} : { 'clock_gettime 7': by32BitGate });
    expect(value(counter.read()).threads.map(({ count }) => count)).toEqual(by32BitGate === 0 ? [] : [by32BitGate]);
    await program.end();
  });

  it('takes them back from perf counters too', async () => {
    skipUnlessRuns(['-m32']);
    const program = await start(buildProgram('same-numbers'), [String(times)]);
    const counter = openForTest({ pid: program.pid, bits: 32 }, { method: 'perf' });
    const by32BitGate = await finish(program);
    // A filter cannot look into the arguments: 403 and 406, which 64-bit code has no use for, are taken at their word.
    const numberOfNothing = { 'clock_gettime 36': by32BitGate + times, 'clock_getres 36': times };
    expect(tally(value(counter.read()))).toEqual(numberOfNothing);
    await program.end();
  });

  it('counts a tree of both word sizes', async () => {
    skipUnlessRuns(['-m32']);
    const args = ['--clock', '4', '--path', 'syscall', '--rate', '200'];
    const script = `"$0" ${args.join(' ')} & "$1" ${args.join(' ')} & wait`;
    const parent = await start('sh', ['-c', script, buildProgram('workload'), buildProgram('workload', time32)]);
    const runsWorkload = (pid: number) => readlinkSync(`/proc/${pid}/exe`).includes('workload');
    await until(() => listChildren(parent.pid).filter(runsWorkload).length === 2);
    const counter = openForTest({ pid: parent.pid }, { children: true });
    const totals = await untilCounted(counter, 60);
    expect(new Set(totals.threads.map(({ tid }) => tid)).size).toBe(2);
    expect(totals.exact).toBe(true);
    await parent.end();
  });

  it.each(['bpf', 'perf'] as const)('says so when a 32-bit child comes, counting by %s', async (method) => {
    skipUnlessRuns(['-m32']);
    const parent = await startWorkload();
    const child = await startWorkloadBuilt(time32);
    const counter = openForTest({ pid: parent.pid }, { method, children: true });
    expect(value(counter.read())).toMatchObject({ exact: true, sees32Bit: false });
    counter.watch(child.pid);
    expect(value(counter.read())).toMatchObject({
      exact: false,
      caveat: expect.stringContaining('the entries of 1 child processes, 32-bit programs, are not counted'),
    });
    await parent.end();
    await child.end();
  });

  it('says so too when the child becomes a 32-bit program after it was seen', async () => {
    skipUnlessRuns(['-m32']);
    const parent = await startWorkload();
    const shell = ['-c', 'read line; exec "$0" --wait', buildProgram('workload', time32)];
    const child = await start('sh', shell);
    const counter = openForTest({ pid: parent.pid }, { children: true });
    const caveat = () => value(counter.read()).caveat ?? '';
    counter.watch(child.pid);
    expect(caveat()).not.toContain('32-bit');
    child.child.stdin?.write('go\n');
    await until(() => readlinkSync(`/proc/${child.pid}/exe`).includes('workload'));
    expect(caveat()).toContain('the entries of 1 child processes, 32-bit programs, are not counted');
    await parent.end();
    await child.end();
  });

  it('lets a bystander count its own system calls right', async () => {
    skipUnlessRuns(['-m32']);
    const program = await startWorkloadBuilt(time32, '--path', 'syscall', '--count', '5000', '--rate', 'hot');
    const bystander = await startWorkload('--path', 'syscall', '--count', '30000', '--rate', 'hot');
    const counter = openForTest({ pid: program.pid });
    const [all, reads] = await Promise.all([
      startPerfStat(bystander.pid, 'raw_syscalls:sys_enter'),
      startPerfStat(bystander.pid),
    ]);
    program.go();
    bystander.go();
    await untilCounted(counter, 5_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const made = await bystander.stop();
    expect(made).toBeGreaterThan(0);
    expect(await reads.finish()).toBe(made);
    const seen = await all.finish();
    expect(seen).toBeGreaterThanOrEqual(made);
    expect(seen).toBeLessThan(made + 100);
    await program.end();
  });
});

const neverArmed = { unavailable: 'failed', detail: 'never armed' } as const;

describe('an x32 program', () => {
  it('is not counted, and not said to make no entries', () => {
    expect(openForTest({ pid: process.pid, bits: 'x32' }).read()).toEqual({
      unavailable: 'unsupported',
      detail: expect.stringMatching(/^the target is an x32 program: .*vdsotop does not count them$/),
    });
  });
});
