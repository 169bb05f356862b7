import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ClockSummary } from '../../src/model/clocks.ts';
import type { Report } from '../../src/model/report.ts';
import { skipWithoutBreakpoints, whyNoBreakpoints } from '../collect/calls/skip-without-breakpoints.ts';
import { buildProgram } from '../programs/build.ts';
import { skipUnlessRuns } from '../programs/skip-unless-runs.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { demoPath, type Program } from './programs.ts';
import { reportOn } from './report-on.ts';
import { runVdsotop, runVdsotopAsync } from './run-vdsotop.ts';
import { startForTest } from './start-for-test.ts';

/** Real processes, the real program, the real kernel; each answer is held against what the workload says of itself. */
async function start(path: string, args: readonly string[] = []): Promise<Program> {
  const program = await startForTest(path, args);
  await sleep(150);
  return program;
}

const clock = (report: Report, name: string): ClockSummary | undefined =>
  report.clocks.find((row) => row.name === name);
const threadNames = (report: Report) => ('unavailable' in report.threads ? [] : report.threads.map(({ name }) => name));
const confirmedCauses = (report: Report) =>
  report.findings
    .filter(({ verdict, role }) => verdict === 'confirmed' && role === 'cause')
    .map(({ id, covers }) => ({ id, covers }));

describe('vdsotop report', () => {
  it('goes on counting by perf when the target executes a program with other rights', async () => {
    skipUnless(process.geteuid?.() === 0, 'only root can give a program away');
    const folder = temporaryDirectory();
    const other = join(folder, 'other');
    copyFileSync(buildProgram('workload'), other);
    for (const path of [folder, other]) chownSync(path, 65_534, 65_534);
    chmodSync(other, 0o4755);
    const target = await start('sh', ['-c', `sleep 1.5; exec ${other} --path syscall --rate 1000 --seconds 20`]);
    const report = reportOn(target.pid, ['--duration', '5s', '--counter', 'perf']);
    expect(clock(report, 'MONOTONIC')?.kernelEntriesPerSecond).toBeGreaterThan(900);
    expect(clock(report, 'MONOTONIC')?.kernelEntriesPerSecond).toBeLessThan(1_100);
  });

  it('tells the three clocks of the demo workload apart: rate, path, cause', async () => {
    const demo = await start(demoPath);
    const report = reportOn(demo.pid);
    const slow = clock(report, 'THREAD_CPUTIME_ID');
    const direct = clock(report, 'REALTIME');
    const fast = clock(report, 'MONOTONIC');
    expect(slow?.kernelEntriesPerSecond).toBeGreaterThan(20_000 * 0.97);
    expect(slow?.kernelEntriesPerSecond).toBeLessThan(20_000 * 1.03);
    expect(slow?.path).toBe('syscall');
    expect(direct?.kernelEntriesPerSecond).toBeGreaterThan(10_000 * 0.97);
    expect(direct?.kernelEntriesPerSecond).toBeLessThan(10_000 * 1.03);
    if (whyNoBreakpoints === undefined) {
      expect(fast?.path).toBe('vdso');
      expect(fast?.fastCallsSeen).toBeGreaterThan(0);
    } else {
      expect(fast?.path).toBe('unknown');
      expect(fast?.fastCallsSeen).toEqual({ unavailable: 'unsupported', detail: whyNoBreakpoints });
    }
    expect(confirmedCauses(report)).toEqual([
      { id: 'clock-never-in-vdso', covers: ['THREAD_CPUTIME_ID'] },
      { id: 'direct-syscall', covers: ['REALTIME'] },
    ]);
    expect(report.verdict).toBe('slow');
    expect(report.headline).toContain('THREAD_CPUTIME_ID');
    expect(threadNames(report)).toEqual(['slow-cputime', 'direct-realtime']);
    expect(report.mappings).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: '[vdso]', permissions: 'r-xp' })]),
    );
  });

  it('counts every entry: exactly as many as the workload made', async () => {
    const made = 50_000;
    const path = buildProgram('workload');
    const target = await start(path, [
      '--clock',
      '0',
      '--path',
      'syscall',
      '--rate',
      'hot',
      '--count',
      String(made),
      '--wait',
      '--seconds',
      '20',
    ]);
    const watching = runVdsotopAsync(['report', '-p', String(target.pid), '--json', '--duration', '2500ms']);
    await sleep(1_200);
    target.process.kill('SIGUSR1');
    const report: Report = JSON.parse((await watching).output);
    expect(clock(report, 'REALTIME')?.kernelEntries).toBe(made);
    expect(report.coverage.entriesCounted).toBe(1);
  });

  it('tells a healthy target plainly that its clock reads are not the trouble', async () => {
    skipWithoutBreakpoints();
    const target = await start(buildProgram('workload'), ['--clock', '1', '--rate', '20000', '--seconds', '20']);
    const report = reportOn(target.pid);
    expect(report.verdict).toBe('fast');
    expect(report.headline).toMatch(/nothing wrong with clock reads/i);
    expect(report.impact.level).toBe('none');
    expect(confirmedCauses(report)).toEqual([]);
    expect(report.coverage.sentence).toMatch(/watched .* s, .*thread.*, every entry counted/);
  });

  it('does not accuse a static binary that uses the vDSO', async () => {
    skipWithoutBreakpoints();
    const target = await start(buildProgram('workload', ['-static']), [
      '--clock',
      '1',
      '--rate',
      '20000',
      '--seconds',
      '20',
    ]);
    const report = reportOn(target.pid);
    expect(report.target.linkage).toBe('static');
    expect(report.verdict).toBe('fast');
    const accused = report.findings.filter(({ id }) => id === 'static-libc-without-vdso').map(({ verdict }) => verdict);
    expect(accused.filter((verdict) => !['ruled-out', 'unknown'].includes(verdict))).toEqual([]);
  });

  it('says idle, not healthy, of a target that reads no clock', async () => {
    skipWithoutBreakpoints();
    const target = await start('sleep', ['20']);
    const report = reportOn(target.pid);
    expect(report.verdict).toBe('unknown');
    expect(report.idle).toBe(true);
  });

  it('bounds what threads read that live for moments, and does not call a target idle that has them', async () => {
    skipWithoutBreakpoints();
    const perSecond = 2_000;
    const target = await start(buildProgram('threads-that-read'), ['50', '40']);
    const report = reportOn(target.pid, ['--duration', '6s']);
    const calls = clock(report, 'MONOTONIC')?.fastCallsPerSecond;
    if (calls === undefined || 'unavailable' in calls) throw new Error('no rate was told');
    expect(calls.low).toBeLessThanOrEqual(perSecond);
    expect(calls.high).toBeGreaterThanOrEqual(perSecond);
    expect(report.coverage.threadsEnded).toBeGreaterThan(100);
    expect(report.coverage.sentence).toMatch(/its one thread and \d+ that ended|2 threads and \d+ that ended/);
    expect(report).toMatchObject({ idle: false });
  });

  it('says unknown, and not idle, where no breakpoint sees reads and none is seen otherwise', async ({ skip }) => {
    skip(whyNoBreakpoints === undefined, 'breakpoints are hit on this host');
    const target = await start('sleep', ['20']);
    const report = reportOn(target.pid);
    expect(report).toMatchObject({ verdict: 'unknown', idle: false });
    expect(report.headline).toContain(`reads through the vDSO cannot be seen (unsupported: ${whyNoBreakpoints})`);
    expect(report.limits.filter(({ detail }) => detail.includes('never hit'))).toHaveLength(1);
  });

  it('names clock and caller of a hot loop in the vDSO by CPU samples, where no breakpoint is hit', async ({
    skip,
  }) => {
    skip(whyNoBreakpoints === undefined, 'breakpoints are hit on this host');
    const target = await start(buildProgram('mixed-reads'), ['--rate', 'hot', 'often:7:libc:1']);
    const report = reportOn(target.pid, ['--duration', '4s']);
    expect(report.verdict).toBe('fast');
    expect(report.headline).toMatch(/BOOTTIME is read through the vDSO, .* mostly from often_libc\+0x/);
    expect(clock(report, 'BOOTTIME')).toMatchObject({ path: 'vdso', kernelEntries: 0 });
    expect(clock(report, 'MONOTONIC')?.path).toBe('unknown');
    expect(confirmedCauses(report)).toEqual([{ id: 'fast-but-hot', covers: [] }]);
  });

  it('offers the children of a master that reads no clock itself, and counts them all with --children', async () => {
    const script = `"${buildProgram('workload')}" --clock 3 --rate 2000 --seconds 20 >/dev/null & "$0" 20 & wait`;
    const master = await start('sh', ['-c', script, 'sleep']);
    const report = reportOn(master.pid, ['--duration', '4s']);
    expect(report.idle).toBe(whyNoBreakpoints === undefined);
    expect(report.headline).toMatch(
      /of its children \d+ \(workload-\w+\) does read clocks: -p watches one, --children all/,
    );
    const tree = reportOn(master.pid, ['--children']);
    expect(clock(tree, 'THREAD_CPUTIME_ID')?.kernelEntriesPerSecond).toBeGreaterThan(2_000 * 0.95);
    expect(clock(tree, 'THREAD_CPUTIME_ID')?.kernelEntriesPerSecond).toBeLessThan(2_000 * 1.05);
    spawnSync('pkill', ['-P', String(master.pid)]);
  });

  it('says of a command that left the reading to a child how to watch that too, once both have ended', () => {
    const work = [buildProgram('workload'), '--clock', '3', '--rate', '2000', '--seconds', '20'];
    const { error, status } = runVdsotop(['--', 'timeout', '4', ...work]);
    const [, headline = ''] = /^\w+: timeout .*\n([\s\S]*?)\n\n/m.exec(error) ?? [];
    expect(headline.replaceAll('\n', ' ')).toMatch(
      /but of its children \d+ \(workload-\w+\) did read clocks: --children watches them too/,
    );
    expect(status).toBe(124);
  });

  it.each([
    ['time32', ['-m32']],
    ['time64', ['-m32', '-D_TIME_BITS=64', '-D_FILE_OFFSET_BITS=64']],
  ])('counts every entry of a slow 32-bit target: %s', async (_, flags) => {
    skipUnlessRuns(flags);
    const args = ['--clock', '3', '--rate', '20000', '--seconds', '20'];
    const target = await start(buildProgram('workload', flags), args);
    const report = reportOn(target.pid);
    expect(report.target.bits).toBe(32);
    expect(report.verdict).toBe('slow');
    const row = clock(report, 'THREAD_CPUTIME_ID');
    expect(row?.path).toBe('syscall');
    expect(row?.kernelEntriesPerSecond).toBeGreaterThan(20_000 * 0.97);
    expect(row?.kernelEntriesPerSecond).toBeLessThan(20_000 * 1.03);
    expect(confirmedCauses(report)).toEqual([{ id: 'clock-never-in-vdso', covers: ['THREAD_CPUTIME_ID'] }]);
  });

  it('never calls a 32-bit target healthy while not all of its reads can be seen', async () => {
    skipUnlessRuns(['-m32']);
    const target = await start(buildProgram('workload', ['-m32']), ['--rate', '20000', '--seconds', '20']);
    const report = reportOn(target.pid);
    expect(clock(report, 'MONOTONIC')?.kernelEntries).toBe(0);
    expect(report.verdict).not.toBe('slow');
    if (typeof clock(report, 'MONOTONIC')?.fastCallsSeen !== 'number') {
      expect(report.verdict).toBe('unknown');
      expect(report.idle).toBe(false);
    }
  });

  it('prints the last report, with its counts, and says 3 when the target ends meanwhile', async () => {
    const target = await start(demoPath, ['--seconds', '3']);
    const began = performance.now();
    const { status, output, error } = runVdsotop(['report', '-p', String(target.pid), '--duration', '30s']);
    expect(performance.now() - began).toBeLessThan(25_000);
    expect(status).toBe(3);
    expect(output).toMatch(/SLOW: vdsotop-demo[\s\S]*THREAD_CPUTIME_ID enters the kernel/);
    expect(error).toMatch(/the target ended after .* this is its last report/);
  });

  it('counts right from inside a PID namespace of its own', async ({ skip }) => {
    const inNamespace = spawnSync('unshare', ['-pf', '--mount-proc', 'true']);
    skip(inNamespace.status !== 0, 'this machine does not let us unshare a PID namespace');
    const script = `"${demoPath}" >/dev/null & sleep 0.3; "$0" report -p $! --json; kill $!`;
    const { stdout } = spawnSync('unshare', ['-pf', '--mount-proc', 'sh', '-c', script, vdsotopPath()], {
      encoding: 'utf8',
    });
    const report: Report = JSON.parse(stdout);
    expect(clock(report, 'THREAD_CPUTIME_ID')?.kernelEntriesPerSecond).toBeGreaterThan(20_000 * 0.97);
    expect(threadNames(report)).toEqual(['slow-cputime', 'direct-realtime']);
  });

  it('shows an ordinary user what can be seen, and says of the rest what would allow it', async () => {
    const demo = await start('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', demoPath]);
    const asUser = [
      '--reuid',
      '65534',
      '--regid',
      '65534',
      '--clear-groups',
      vdsotopPath(),
      'report',
      '-p',
      String(demo.pid),
      '--json',
    ];
    const { stdout, status } = spawnSync('setpriv', asUser, {
      encoding: 'utf8',
      env: { ...process.env, HOME: '/nonexistent' },
    });
    expect(status).toBe(0);
    const report: Report = JSON.parse(stdout);
    const entries = clock(report, 'THREAD_CPUTIME_ID')?.kernelEntries ?? report.functions[0]?.kernelEntries;
    expect(entries === undefined || typeof entries === 'object').toBe(true);
    expect(report.verdict).toBe('unknown');
    expect(report.idle).toBe(false);
    expect(report.limits.some(({ remedy }) => /sudo|mount/.test(remedy ?? ''))).toBe(true);
    expect(report.mappings).toEqual(expect.arrayContaining([expect.objectContaining({ name: '[vdso]' })]));
  });
});

it('a remedy of the demo is a line that vdsotop takes', () => {
  const asUser = ['--reuid', '65534', '--regid', '65534', '--clear-groups', vdsotopPath(), 'demo'];
  const { stdout } = spawnSync('setpriv', asUser, { encoding: 'utf8' });
  const [, line = 'none'] = /^try: sudo (.*)$/m.exec(stdout) ?? [];
  expect(line).toBe(`${vdsotopPath()} demo`);
  expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

describe('vdsotop -- CMD', () => {
  it.each([
    { command: ['sh', '-c', 'exit 7'], status: 7 },
    { command: ['sh', '-c', 'kill -TERM $$'], status: 143 },
    { command: ['true'], status: 0 },
  ])('keeps the exit status of $command', ({ command, status }) => {
    expect(runVdsotop(['--', ...command]).status).toBe(status);
  });

  it('starts nothing for a perf trace that only a screen could ask for', () => {
    const started = join(temporaryDirectory(), 'started');
    const { status, error } = runVdsotop(['--perf-trace', '1s', '--force', '--', 'touch', started]);
    expect(status).toBe(2);
    expect(error).toMatch(
      /^vdsotop: --perf-trace needs a live screen here, .* report -p PID --perf-trace beside the running command\n$/,
    );
    expect(existsSync(started)).toBe(false);
  });

  it.each(['demo', 'report', 'snapshot', 'replay', 'diff', 'clocks', 'help'])('starts a command named %s', (name) => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, name), '#!/bin/sh\necho "own $*"; exit 7\n', { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const { status, output } = runVdsotop(['--', name, '-x', '--', 'y'], { env });
    expect({ status, output }).toEqual({ status: 7, output: 'own -x -- y\n' });
  });

  it('says 127 with the shell when there is no such command', () => {
    const { status, error, output } = runVdsotop(['--', '/no/such/command']);
    expect({ status, output }).toEqual({ status: 127, output: '' });
    expect(error).toMatch(/^vdsotop: no command '\/no\/such\/command': .*\n$/);
  });

  it('counts from the first instruction, and leaves standard output to the command', () => {
    const path = buildProgram('workload');
    const { output, error } = runVdsotop([
      '--',
      path,
      '--clock',
      '7',
      '--path',
      'inline',
      '--rate',
      'hot',
      '--count',
      '12345',
      '--seconds',
      '1',
    ]);
    expect(JSON.parse(output)).toMatchObject({ reads: 12_345 });
    expect(error).toMatch(/^BOOTTIME entered the kernel 12,345 times in /m);
  });
});

function vdsotopPath(): string {
  return new URL('../../bin/vdsotop', import.meta.url).pathname;
}
