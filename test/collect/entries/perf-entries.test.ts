import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type KernelEntries, openKernelEntries } from '../../../src/collect/entries/kernel-entries.ts';
import { buildProgram } from '../../programs/build.ts';
import { collector, start, value } from '../processes.ts';
import { enterInManyWays, startWorkload, sum, type Tally, tally, untilCounted } from '../workloads.ts';
import { openForTest } from './open-for-test.ts';

const open = (pid: number, children = false) => openForTest({ pid, bits: 64 }, { method: 'perf', children });

/** What perf counters tell apart of it: the other clocks are one. */
function coarser(counts: Tally): Tally {
  const result: Record<string, number> = {};
  for (const [key, count] of Object.entries(counts)) {
    const [fn, slot] = key.split(' ');
    const toldApart = fn === 'clock_gettime' ? Number(slot) < 10 || slot === '11' : fn !== 'clock_getres';
    const into = toldApart ? key : `${fn} 36`;
    result[into] = (result[into] ?? 0) + count;
  }
  return result;
}

describe('counting by perf counters', () => {
  it.each(['ids', 'threads', 'exec'])('loses and doubles nothing: %s', async (action) => {
    let counter: KernelEntries | undefined;
    const { own, program } = await enterInManyWays(action, 50, (pid) => {
      counter = open(pid);
    });
    const totals = value(counter?.read() ?? neverArmed);
    expect(tally(totals)).toEqual(coarser(own));
    expect(totals).toMatchObject({ method: 'perf', exact: true, threads: [], unattributed: sum(own) });
    await program.end();
  });

  it('leaves children out, unless they are asked for', async () => {
    let alone: KernelEntries | undefined;
    let tree: KernelEntries | undefined;
    const { own, child, program } = await enterInManyWays('forks', 20, (pid) => {
      alone = open(pid);
      tree = open(pid, true);
    });
    expect(tally(value(alone?.read() ?? neverArmed))).toEqual(own);
    expect(tally(value(tree?.read() ?? neverArmed))).toEqual({ ...own, ...child });
    await program.end();
  });

  it.each([
    ['10 a second', ['--rate', '10'], 1_200],
    ['as fast as it goes', ['--rate', 'hot'], 300],
  ])('sees every call of 20 threads at %s', async (_, args, runMs) => {
    const program = await startWorkload('--path', 'inline', '--threads', '20', ...args);
    const counter = open(program.pid);
    program.go();
    await new Promise((resolve) => setTimeout(resolve, runMs));
    const reads = await program.stop();
    expect(tally(value(counter.read()))).toEqual({ 'clock_gettime 1': reads });
  });

  it('counts threads that were there before it', async () => {
    const program = await start(buildProgram('workload'), ['--path', 'inline', '--threads', '50', '--rate', '100']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const counter = open(program.pid);
    const before = value(counter.read());
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = value(counter.read());
    const rate = (sum(tally(after)) - sum(tally(before))) / ((after.armedForMs - before.armedForMs) / 1_000);
    expect(rate).toBeGreaterThan(50 * 100 * 0.9);
    expect(rate).toBeLessThan(50 * 100 * 1.1);
    await program.end();
  });

  it('counts legacy vsyscalls apart', async () => {
    const program = await startWorkload('--function', 'time', '--path', 'vsyscall', '--count', '500', '--rate', 'hot');
    const counter = open(program.pid);
    program.go();
    expect(tally(await untilCounted(counter, 500))).toEqual({ 'vsyscall_time 0': 500 });
    await program.end();
  });

  it('names the limit when the threads are more than the open files', async () => {
    const program = await start(buildProgram('workload'), ['--threads', '100', '--rate', '1']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const source = `
      import { openKernelEntries } from '${collector('entries/kernel-entries')}';
      console.log(JSON.stringify(openKernelEntries({ pid: ${program.pid}, bits: 64 }, { method: 'perf' }).read()));
    `;
    const argv = ['--nofile=512:512', process.execPath, '--input-type=module-typescript', '-e', source];
    const reading = JSON.parse(execFileSync('prlimit', argv, { encoding: 'utf8' }));
    expect(reading).toMatchObject({
      unavailable: 'failed',
      detail: expect.stringMatching(/^\d+ perf counters, .* open files than the hard limit/),
      remedy: expect.stringMatching(new RegExp(`^sudo prlimit --nofile=\\d+ vdsotop -p ${program.pid}$`)),
    });
    await program.end();
  });

  it('says that a process has ended', () => {
    expect(openKernelEntries({ pid: 4_194_303, bits: 64 }, { method: 'perf' }).read()).toMatchObject({
      unavailable: 'absent',
      detail: 'process 4194303 has ended',
    });
  });
});

const neverArmed = { unavailable: 'failed', detail: 'never armed' } as const;
