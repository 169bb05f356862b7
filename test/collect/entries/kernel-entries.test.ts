import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type {
  EntriesTarget,
  KernelEntries,
  KernelEntriesOptions,
} from '../../../src/collect/entries/kernel-entries.ts';
import type { EntryTotals } from '../../../src/model/entries.ts';
import { buildProgram } from '../../programs/build.ts';
import { skipUnless } from '../../skip-unless.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, runAsNobody, start, value } from '../processes.ts';
import { enterInManyWays, startWorkload, sum, tally, untilCounted } from '../workloads.ts';
import { openForTest } from './open-for-test.ts';
import { startPerfStat } from './perf-stat.ts';

const open = (target: EntriesTarget, options: KernelEntriesOptions = { method: 'bpf' }) => openForTest(target, options);

const vsyscallPage = / --xp .*\[vsyscall\]| r-xp .*\[vsyscall\]/.test(readFileSync('/proc/self/maps', 'utf8'));

describe('counting by BPF', () => {
  it.each([
    ['10 a second', ['--rate', '10'], 1_200],
    ['1,000 a second', ['--rate', '1000'], 500],
    ['as fast as two threads can', ['--rate', 'hot', '--threads', '2'], 700],
  ])('sees every call at %s', async (_, args, runMs) => {
    const program = await startWorkload('--clock', '4', '--path', 'syscall', ...args);
    const counter = open({ pid: program.pid, bits: 64 });
    program.go();
    await new Promise((resolve) => setTimeout(resolve, runMs));
    const reads = await program.stop();
    const totals = value(counter.read());
    expect(reads).toBeGreaterThan(0);
    expect(tally(totals)).toEqual({ 'clock_gettime 4': reads });
    expect(totals).toMatchObject({ method: 'bpf', exact: true, unattributed: 0 });
  });

  it('lays the calls of 500 threads to each of them', async () => {
    const program = await startWorkload('--path', 'inline', '--threads', '500', '--count', '37', '--rate', 'hot');
    const counter = open({ pid: program.pid });
    program.go();
    const totals = await untilCounted(counter, 500 * 37);
    expect(tally(totals)).toEqual({ 'clock_gettime 1': 500 * 37 });
    expect(totals.threads.map(({ count }) => count)).toEqual(Array(500).fill(37));
    expect(new Set(totals.threads.map(({ tid }) => tid)).size).toBe(500);
    expect(totals.unattributed).toBe(0);
    await program.end();
  });

  it('names a thread as /proc does', async () => {
    const program = await startWorkload('--path', 'syscall', '--rate', '100');
    const counter = open({ pid: program.pid });
    program.go();
    const { threads } = await untilCounted(counter, 1);
    expect(readdirSync(`/proc/${program.pid}/task`)).toContain(String(threads[0]?.tid));
    await program.end();
  });

  it.each([['clock_getres'], ['gettimeofday'], ['time'], ['getcpu']])('counts %s apart', async (fn) => {
    const program = await startWorkload(
      '--function',
      fn,
      '--clock',
      '0',
      '--path',
      'syscall',
      '--count',
      '1234',
      '--rate',
      'hot',
    );
    const counter = open({ pid: program.pid });
    program.go();
    expect(tally(await untilCounted(counter, 1_234))).toEqual({ [`${fn} 0`]: 1_234 });
    await program.end();
  });

  it.each([['gettimeofday'], ['time'], ['getcpu']])('counts %s by the legacy page apart', async (fn) => {
    skipUnless(vsyscallPage, 'this kernel maps no [vsyscall]');
    const program = await startWorkload('--function', fn, '--path', 'vsyscall', '--count', '777', '--rate', 'hot');
    const counter = open({ pid: program.pid });
    program.go();
    expect(tally(await untilCounted(counter, 777))).toEqual({ [`vsyscall_${fn}`.concat(' 0')]: 777 });
    await program.end();
  });

  it.each(['ids', 'threads', 'exec'])('loses and doubles nothing: %s', async (action) => {
    let counter: KernelEntries | undefined;
    const { own, program } = await enterInManyWays(action, 50, (pid) => {
      counter = open({ pid, bits: 64 });
    });
    const totals = value(counter?.read() ?? neverArmed);
    expect(tally(totals)).toEqual(own);
    expect(totals.exact).toBe(true);
    await program.end();
  });

  it('leaves children out, unless they are asked for', async () => {
    let alone: KernelEntries | undefined;
    let tree: KernelEntries | undefined;
    const { own, child, program } = await enterInManyWays('forks', 50, (pid) => {
      alone = open({ pid, bits: 64 });
      tree = open({ pid, bits: 64 }, { method: 'bpf', children: true });
    });
    expect(tally(value(alone?.read() ?? neverArmed))).toEqual(own);
    expect(tally(value(tree?.read() ?? neverArmed))).toEqual({ ...own, ...child });
    expect(value(tree?.read() ?? neverArmed).exact).toBe(true);
    await program.end();
  });

  it('counts children that were there before it', async () => {
    const inner = [buildProgram('workload'), '--path', 'syscall', '--rate', '200'];
    const parent = await start('sh', ['-c', '"$0" "$@" & "$0" "$@" & wait', ...inner]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const counter = open({ pid: parent.pid }, { method: 'bpf', children: true });
    const { threads } = await untilCounted(counter, 50);
    expect(new Set(threads.map(({ tid }) => tid)).size).toBe(2);
    await parent.end();
  });

  it('counts a process that is watched later from then on', async () => {
    const first = await startWorkload();
    const second = await startWorkload('--path', 'syscall', '--count', '500', '--rate', 'hot');
    const counter = open({ pid: first.pid }, { method: 'bpf', children: true });
    counter.watch(second.pid);
    second.go();
    expect(tally(await untilCounted(counter, 500))).toEqual({ 'clock_gettime 1': 500 });
    await first.end();
    await second.end();
  });

  it('agrees with perf stat, and lets a bystander count right', async () => {
    const program = await startWorkload('--path', 'syscall', '--count', '20000', '--rate', 'hot');
    const bystander = await startWorkload('--path', 'syscall', '--count', '30000', '--rate', 'hot');
    const counter = open({ pid: program.pid });
    const perf = await Promise.all([program, bystander].map(({ pid }) => startPerfStat(pid)));
    program.go();
    bystander.go();
    const totals = await untilCounted(counter, 20_000);
    await expect.poll(() => readdirSync(`/proc/${bystander.pid}/task`).length, { timeout: 10_000 }).toBe(1);
    expect(await Promise.all(perf.map((one) => one.finish()))).toEqual([20_000, 30_000]);
    expect(sum(tally(totals))).toBe(20_000);
    await program.end();
    await bystander.end();
  });

  it('is not put off by signals that come while it starts', () => {
    // The profiler of V8 sends a SIGPROF every 200 µs; the kernel gives up loading a program at each.
    const source = `
      import { openKernelEntries } from '${collector('entries/kernel-entries')}';
      const counter = openKernelEntries({ pid: process.pid, bits: 64 }, { method: 'bpf' });
      console.log(JSON.stringify(counter.read()));
      counter.close();
    `;
    const profile = ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', temporaryDirectory()];
    const argv = [...profile, '--input-type=module-typescript', '-e', source];
    const output = execFileSync(process.execPath, argv, { encoding: 'utf8' });
    expect(JSON.parse(output)).toMatchObject({ value: { exact: true } });
  });

  it('reads in a moment, whatever 2,000 threads do', async () => {
    const program = await startWorkload('--path', 'syscall', '--threads', '2000', '--count', '3', '--rate', 'hot');
    const counter = open({ pid: program.pid });
    program.go();
    const { threads } = await untilCounted(counter, 6_000);
    expect(threads).toHaveLength(2_000);
    const reads = Array.from({ length: 20 }, () => {
      const before = performance.now();
      counter.read();
      return performance.now() - before;
    }).sort((a, b) => a - b);
    expect(reads[10]).toBeLessThan(3);
    await program.end();
  });
});

describe('inside a PID namespace', () => {
  const count = (setup: string) => `
    import { openKernelEntries } from '${collector('entries/kernel-entries')}';
    import { spawn, execFileSync } from 'node:child_process';
    import { readdirSync } from 'node:fs';
    const [program] = process.argv.slice(-1);
    ${setup}
    const counter = openKernelEntries({ pid }, { method: 'bpf' });
    const ready = counter.read();
    process.kill(pid, 'SIGUSR1');
    await new Promise((resolve) => setTimeout(resolve, 400));
    const reading = counter.read();
    const tasks = readdirSync('/proc/' + pid + '/task').map(Number);
    process.kill(pid, 'SIGKILL');
    counter.close();
    console.log(JSON.stringify({ reading, tasks }));
  `;
  const run = (source: string): { reading: { value: EntryTotals }; tasks: readonly number[] } => {
    const argv = ['-pf', '--mount-proc', process.execPath, '--input-type=module-typescript', '-e', source, '--'];
    const output = execFileSync('unshare', [...argv, buildProgram('workload')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(output);
  };
  const flags = "['--wait', '--path', 'syscall', '--threads', '3', '--count', '400', '--rate', 'hot']";

  it('counts a neighbour', () => {
    const { reading, tasks } = run(
      count(`const pid = spawn(program, ${flags}).pid; await new Promise((resolve) => setTimeout(resolve, 100));`),
    );
    expect(tally(reading.value)).toEqual({ 'clock_gettime 1': 1_200 });
    expect(reading.value.exact).toBe(true);
    expect(reading.value.threads.map(({ tid }) => tid).every((tid) => tid > 1 && tid < 1_000)).toBe(true);
    expect(tasks.length).toBeGreaterThan(0);
  });

  it('counts a process of a namespace below, and names its threads as our /proc does', () => {
    const nested = `
      const outer = spawn('unshare', ['-pf', '--mount-proc', program, ...${flags}, '--rate', '200']);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const pid = Number(execFileSync('pgrep', ['-P', String(outer.pid)], { encoding: 'utf8' }));
    `;
    const { reading, tasks } = run(count(nested));
    expect(reading.value.threads).toHaveLength(3);
    expect(tasks).toEqual(expect.arrayContaining(reading.value.threads.map(({ tid }) => tid)));
    expect(sum(tally(reading.value))).toBe(reading.value.threads.reduce((total, { count: one }) => total + one, 0));
  });

  it('is seen into from outside', async () => {
    const outer = await start('unshare', [
      '-pf',
      '--mount-proc',
      buildProgram('workload'),
      '--path',
      'syscall',
      '--rate',
      '500',
    ]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const pid = Number(execFileSync('pgrep', ['-P', String(outer.pid)], { encoding: 'utf8' }));
    const counter = open({ pid });
    const { threads } = await untilCounted(counter, 50);
    expect(readdirSync(`/proc/${pid}/task`)).toContain(String(threads[0]?.tid));
    process.kill(pid, 'SIGKILL');
    await outer.end();
  });
});

describe('what cannot be counted', () => {
  it('is denied to an ordinary user, with the line to run again', () => {
    const source = `
      import { openKernelEntries } from '${collector('entries/kernel-entries')}';
      console.log(JSON.stringify(openKernelEntries({ pid: Number(process.argv.at(-1)), bits: 64 }).read()));
    `;
    expect(runAsNobody(source, String(process.pid))).toMatchObject({
      unavailable: 'denied',
      detail: expect.stringContaining('EACCES'),
      remedy: `sudo vdsotop -p ${process.pid}`,
    });
  });

  it('falls back to perf counters without CAP_BPF, and says why where those are refused too', async () => {
    const program = await startWorkload('--path', 'syscall', '--count', '300', '--rate', 'hot');
    const source = `
      import { openKernelEntries } from '${collector('entries/kernel-entries')}';
      const counter = openKernelEntries({ pid: ${program.pid}, bits: 64 });
      process.kill(${program.pid}, 'SIGUSR1');
      await new Promise((resolve) => setTimeout(resolve, 300));
      console.log(JSON.stringify(counter.read()));
      counter.close();
    `;
    expect(runWithout('sys_admin,bpf', source)).toMatchObject({
      value: { method: 'perf', exact: true, counts: [{ fn: 'clock_gettime', slot: 1, count: 300 }] },
    });
    const refused = openKernelEntriesWithout('sys_admin,bpf,perfmon,sys_ptrace', program.pid);
    expect(refused).toMatchObject({
      unavailable: 'denied',
      detail: expect.stringMatching(/^BPF on tracepoints: .*EPERM.*CAP_BPF and CAP_PERFMON.*; perf counters: .*EACCES/),
      remedy: expect.stringContaining('--cap-add BPF --cap-add PERFMON'),
    });
    await program.end();
  });

  it('asks for tracefs where it is not mounted, and mounts nothing', () => {
    const source = `
      import { openKernelEntries } from '${collector('entries/kernel-entries')}';
      import { existsSync } from 'node:fs';
      const reading = openKernelEntries({ pid: process.pid, bits: 64 }).read();
      console.log(JSON.stringify({ reading, mounted: existsSync('/sys/kernel/tracing/events') }));
    `;
    const script =
      'umount -a -t tracefs; mount -t tmpfs none /sys/kernel/debug; exec "$0" --input-type=module-typescript -e "$1"';
    const output = execFileSync('unshare', ['-m', 'sh', '-c', script, process.execPath, source], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({
      mounted: false,
      reading: {
        unavailable: 'absent',
        detail: 'tracefs is not mounted',
        remedy: 'sudo mount -t tracefs tracefs /sys/kernel/tracing',
      },
    });
  });

  it('leaves nothing in the kernel when its holder is killed', async () => {
    const source = `
      import { openKernelEntries } from '${collector('entries/kernel-entries')}';
      const counter = openKernelEntries({ pid: process.pid, bits: 64 }, { method: 'bpf' });
      console.log('value' in counter.read() ? 'armed' : 'not armed');
      setInterval(() => {}, 1000);
    `;
    const holder = await start(process.execPath, ['--input-type=module-typescript', '-e', source]);
    expect(await holder.line()).toBe('armed');
    // The program of its trial goes meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const ids = programIdsOf(holder.pid);
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(loaded(ids)).toEqual(ids);
    await holder.end();
    await expect.poll(() => loaded(ids), { timeout: 5_000 }).toEqual([]);
  });
});

const neverArmed = { unavailable: 'failed', detail: 'never armed' } as const;

function runWithout(capabilities: string, source: string): unknown {
  const bounds = capabilities
    .split(',')
    .map((name) => `-${name}`)
    .join(',');
  const argv = [`--bounding-set=${bounds}`, process.execPath, '--input-type=module-typescript', '-e', source];
  return JSON.parse(execFileSync('setpriv', argv, { encoding: 'utf8' }));
}

function openKernelEntriesWithout(capabilities: string, pid: number): unknown {
  return runWithout(
    capabilities,
    `import { openKernelEntries } from '${collector('entries/kernel-entries')}';
     console.log(JSON.stringify(openKernelEntries({ pid: ${pid}, bits: 64 }).read()));`,
  );
}

/** Ids of the BPF programs that a process holds: kernel/bpf/syscall.c, bpf_prog_show_fdinfo. */
function programIdsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fdinfo`).flatMap((fd) => {
    const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
    return [...info.matchAll(/^prog_id:\s*(\d+)/gm)].map(([, id = '']) => id);
  });
}

function loaded(ids: readonly string[]): readonly string[] {
  const { stdout } = spawnSync(buildProgram('bpf-program-ids'), [...ids], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}
