import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../programs/build.ts';
import { startPrefork } from '../../programs/start-prefork.ts';
import { collector, start, value } from '../processes.ts';
import { startWorkload, tally, untilCounted } from '../workloads.ts';
import { openForTest } from './open-for-test.ts';

const openTree = (pid: number) => openForTest({ pid, bits: 64 }, { method: 'bpf', children: true });

describe('the processes of a tree', () => {
  it('are all counted where it forks all the time, and do not keep the counter from starting', async () => {
    const stormSeconds = 4;
    const storm = await start(buildProgram('fork-storm'), [String(stormSeconds)]);
    await storm.line();
    const startedMs = performance.now();
    const counter = openTree(storm.pid);
    expect(performance.now() - startedMs).toBeLessThan((stormSeconds - 1) * 1_000);
    storm.child.stdin?.write('enter\n');
    const entered = Number(await storm.line());
    expect(entered).toBeGreaterThan(100);
    const totals = value(counter.read());
    expect(tally(totals)).toEqual({ 'clock_gettime 7': entered });
    expect(totals.exact).toBe(true);
    await storm.end();
  });

  it('are not all counted from the start where one came that no watched one had started, which is told', async () => {
    const target = await startWorkload();
    const other = await startWorkload('--path', 'syscall', '--count', '500', '--rate', 'hot');
    const counter = openTree(target.pid);
    counter.watch(target.pid);
    expect(value(counter.read()).exact).toBe(true);
    counter.watch(other.pid);
    other.go();
    expect(await untilCounted(counter, 500)).toMatchObject({
      exact: false,
      caveat: expect.stringContaining('saw late'),
    });
    await target.end();
    await other.end();
  });

  it('are known to be counted when they are seen', async () => {
    const master = await startPrefork(['web:7:syscall:200']);
    const counter = openTree(master.pid);
    const later = await master.tell('+web:7:syscall:200');
    counter.watch(later);
    expect(value(counter.read()).exact).toBe(true);
    await master.end();
  });
});

describe('inside a PID namespace', () => {
  const source = `
    import { openKernelEntries } from '${collector('entries/kernel-entries')}';
    import { spawn } from 'node:child_process';
    import { createInterface } from 'node:readline';
    const [prefork, forkAs, workload] = process.argv.slice(-3);
    const start = (program, args) => {
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return { child, line: async () => (await lines.next()).value };
    };
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const master = start(prefork, ['web:7:syscall:500']);
    const worker = Number(await master.line());
    const counter = openKernelEntries({ pid: master.child.pid, bits: 64 }, { method: 'bpf', children: true });
    await pause(300);
    const living = counter.read();
    master.child.stdin.write('-' + worker + '\\n');
    await master.line();
    const ended = counter.read();
    const stranger = start(forkAs, [String(worker), workload, '--path', 'syscall', '--rate', '1000']);
    const strangerPid = Number(await stranger.line());
    await pause(300);
    const reused = counter.read();
    stranger.child.kill('SIGKILL');
    master.child.stdin.write('+web:5:syscall:500\\n');
    counter.watch(Number(await master.line()));
    await pause(300);
    const later = counter.read();
    master.child.stdin.end();
    counter.close();
    console.log(JSON.stringify({ worker, strangerPid, living, ended, reused, later }));
  `;

  it('counts nobody who is given the number of a child that has ended, and keeps what that one entered', () => {
    const programs = ['prefork', 'fork-as', 'workload'].map((name) => buildProgram(name));
    const argv = ['-pf', '--mount-proc', process.execPath, '--input-type=module-typescript', '-e', source, '--'];
    const output = execFileSync('unshare', [...argv, ...programs], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { worker, strangerPid, ...readings } = JSON.parse(output);
    expect(strangerPid).toBe(worker);
    const [living, ended, reused, later] = [readings.living, readings.ended, readings.reused, readings.later].map(
      (reading) => tally(value(reading)),
    );
    expect(living?.['clock_gettime 7']).toBeGreaterThan(0);
    expect(ended?.['clock_gettime 7']).toBeGreaterThanOrEqual(living?.['clock_gettime 7'] ?? 0);
    expect(reused).toEqual(ended);
    expect(later).toMatchObject(ended ?? {});
    expect(later?.['clock_gettime 5']).toBeGreaterThan(0);
  });
});
