import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CallSiteSummary } from '../../src/model/call-sites.ts';
import type { Report } from '../../src/model/report.ts';
import { buildProgram } from '../programs/build.ts';
import { type Prefork, startPrefork } from '../programs/start-prefork.ts';
import { postgresBackend } from '../targets/start/postgres.ts';
import { startProgram } from './programs.ts';
import { reportOn } from './report-on.ts';
import { runVdsotop, runVdsotopAsync } from './run-vdsotop.ts';

/** A real prefork program under the real one; each worker reads by a function of its own kind. */
const reportOnTree = ({ pid }: Pick<Prefork, 'pid'>, args: readonly string[] = []) =>
  reportOn(pid, ['--children', ...args]);

function sitesOf({ callSites }: Report, clock: string): readonly CallSiteSummary[] {
  if ('unavailable' in callSites) throw new Error(callSites.detail);
  return callSites.filter((site) => site.clock === clock);
}

const finding = (report: Report, id: string) => report.findings.find((one) => one.id === id);
const pidsOf = ({ processes }: CallSiteSummary) => processes?.busiest.map(({ pid }) => pid).sort();

describe('vdsotop --children', () => {
  it('tells which process of a prefork program reads what, by which function', async () => {
    const master = await startPrefork([
      'web:7:syscall:3000',
      'web:7:syscall:3000',
      'log:7:inline:2000',
      'cpu:3:libc:2000',
      'idle:7:libc:0',
    ]);
    const [first, second, log, cpu] = master.workers;
    const report = reportOnTree(master, ['--duration', '3s']);
    const boottime = sitesOf(report, 'BOOTTIME');
    expect(boottime.map(({ sentence }) => sentence.replace(/\+0x\w+/g, ''))).toEqual([
      expect.stringMatching(/^serve_syscall in prefork-\w+, by syscall in libc/),
      expect.stringMatching(/^serve_inline in prefork-\w+$/),
    ]);
    expect(boottime.map(pidsOf)).toEqual([[first, second].sort(), [log]]);
    // On its way into the kernel a call of libc is caught in the vDSO too, where breakpoints are hit.
    const ofCpu = sitesOf(report, 'THREAD_CPUTIME_ID');
    expect(new Set(ofCpu.flatMap((site) => pidsOf(site)))).toEqual(new Set([cpu]));
    expect(ofCpu.filter(({ side }) => side === 'kernel')).toHaveLength(1);
    expect(finding(report, 'direct-syscall')).toMatchObject({ verdict: 'confirmed', covers: ['BOOTTIME'] });
    expect(finding(report, 'libc-bypasses-vdso')?.verdict).toBe('ruled-out');
    expect(report.headline).toMatch(
      /^BOOTTIME enters the kernel [5-8][.0-9]* k\/s .*; the program makes the system call itself$/,
    );
    expect(report.coverage.processes).toMatchObject({ count: 6, entering: 4, enteringSampled: 4, sampled: 4 });
    const threads = 'unavailable' in report.threads ? [] : report.threads;
    expect(new Set(threads.map(({ name }) => name))).toEqual(new Set(['web', 'log', 'cpu']));
    const rateOf = (...names: readonly (string | undefined)[]) =>
      threads.filter(({ name }) => names.includes(name)).reduce((sum, one) => sum + one.kernelEntriesPerSecond, 0);
    expect(boottime[0]?.share).toBeCloseTo(rateOf('web') / rateOf('web', 'log'), 1);
    await master.end();
  });

  it('tells how many fast reads there are, of which clock and from where', { timeout: 60_000 }, async () => {
    const master = await startPrefork(['web:1:libc:400000', 'log:7:libc:200000', 'idle:7:libc:0']);
    const report = reportOnTree(master, ['--duration', '8s', '--fast-calls', '4%']);
    for (const [name, rate, worker] of [
      ['MONOTONIC', 400_000, 0],
      ['BOOTTIME', 200_000, 1],
    ] as const) {
      const clock = report.clocks.find((row) => row.name === name);
      const calls = clock?.fastCallsPerSecond;
      if (calls === undefined || 'unavailable' in calls) throw new Error(`${name}: ${calls?.detail}`);
      expect(calls.low).toBeLessThan(rate);
      expect(calls.high).toBeGreaterThan(rate);
      expect(clock).toMatchObject({ path: 'vdso', kernelEntries: 0 });
      const [site, ...others] = sitesOf(report, name).filter(({ side }) => side === 'vdso');
      expect(site?.sentence).toMatch(/^serve_libc\+0x\w+ in prefork-/);
      expect(site && pidsOf(site)).toEqual([master.workers[worker]]);
      expect(others).toEqual([]);
    }
    expect(report.coverage.processes).toMatchObject({ count: 4, entering: 0 });
    expect(report.coverage.processes?.cpuSampled).toBeGreaterThanOrEqual(2);
    await master.end();
  });

  it('finds the backend that reads among the processes of PostgreSQL', { timeout: 60_000 }, async () => {
    const backend = await postgresBackend();
    const stat = readFileSync(`/proc/${backend.pid}/stat`, 'latin1');
    const postmaster = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    // Its client stands still while nobody takes what it prints.
    const args = ['report', '-p', String(postmaster), '--children', '--json', '--duration', '10s'];
    const report: Report = JSON.parse((await runVdsotopAsync(args)).output);
    await backend.end();
    expect(report.verdict).toBe('fast');
    expect(report.headline).toMatch(/MONOTONIC.*vDSO/);
    const causes = report.findings.filter(({ role, verdict }) => role === 'cause' && verdict === 'confirmed');
    expect(causes.map(({ id }) => id)).toEqual(['fast-but-hot']);
    const sites = sitesOf(report, 'MONOTONIC').filter(({ side }) => side === 'vdso');
    // Others of its processes read the time now and then.
    const ofOthers = sites.filter((site) => pidsOf(site)?.includes(backend.pid) !== true);
    expect(pidsOf(sites[0] as CallSiteSummary)).toContain(backend.pid);
    expect(ofOthers.reduce((sum, { share }) => sum + share, 0)).toBeLessThan(0.05);
    expect(report.coverage.processes?.count).toBeGreaterThan(5);
  });

  it('takes no fact of one process for that of another', async () => {
    const becomes = `chain:exec:${buildProgram('call-chain', ['-static'])} 3 300`;
    const master = await startPrefork(['web:7:syscall:2000', becomes]);
    const report = reportOnTree(master, ['--duration', '3s']);
    expect(report.target.linkage).toBe('dynamic');
    for (const id of ['static-libc-without-vdso', 'libc-bypasses-vdso'])
      expect(finding(report, id)).toMatchObject({ verdict: 'unknown' });
    expect(report.limits).toContainEqual({
      reading: 'static or dynamic',
      detail: 'unsupported: the processes of the tree differ in it',
    });
    const callers = sitesOf(report, 'THREAD_CPUTIME_ID').map(({ sentence }) => sentence.split('+')[0]);
    expect(new Set(callers)).toEqual(new Set(['read_first', 'read_second', 'read_third']));
    await master.end();
  });

  it('counts the processes that came and went, apart from those there are', async () => {
    const forking = await startProgram('sh', ['-c', 'while :; do /bin/true; sleep 0.05; done']);
    const { coverage } = reportOnTree(forking, ['--duration', '2s']);
    const ended = coverage.processes?.ended ?? 0;
    expect(ended).toBeGreaterThan(20);
    // Each of them has one thread; those that are there are looked at a moment beside those that were started.
    expect(Math.abs((coverage.threadsEnded ?? 0) - ended)).toBeLessThanOrEqual(2);
    expect(coverage.sentence).toMatch(
      /(its one thread|all [23] threads of the [23] processes there now), and .*\d+ processes that ended/,
    );
    await forking.end();
  });

  it('says in words which process it is', async () => {
    const master = await startPrefork(['web:7:syscall:2000', 'log:3:libc:1000']);
    const { output } = runVdsotop(['report', '-p', String(master.pid), '--children']);
    const [web, log] = master.workers;
    const words = output.replace(/\s+/g, ' ');
    expect(words).toMatch(
      new RegExp(`serve_syscall\\+0x\\S+ in \\S+ by syscall in libc\\.so\\.6 · within \\d+–100 % · process web ${web}`),
    );
    expect(words).toMatch(
      new RegExp(
        `serve_libc\\+0x\\S+ in \\S+ by clock_gettime in libc\\.so\\.6 · within \\d+–100 % · process log ${log}`,
      ),
    );
    expect(words).toContain('all 3 threads of the 3 processes there now, every entry counted');
    expect(words).toContain('sampled in 2 processes, 2 of 2 that enter the kernel');
    await master.end();
  });
});
