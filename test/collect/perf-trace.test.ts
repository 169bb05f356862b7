import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parsePerfTrace, runPerfTrace } from '../../src/collect/perf-trace.ts';
import { buildProgram } from '../programs/build.ts';
import { skipUnlessRuns } from '../programs/skip-unless-runs.ts';
import { collector, runAsNobody, start, value } from './processes.ts';

/** Captured from perf 6.1. */
const summary = `
 Summary of events:

 mt (21500), 82 events, 16.6%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   clock_gettime         41      0     0.586     0.010     0.014     0.026      3.41%


 clock_gettime 9 (21501), 164 events, 33.2%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   clock_gettime         42      0     0.693     0.011     0.017     0.020      1.62%
   gettimeofday          43      0     0.459     0.010     0.011     0.016      2.06%


`;
const run = { pid: process.pid, seconds: 1, command: 'perf trace …' };

describe('what perf trace prints', () => {
  it('is added up over all threads', () => {
    expect(value(parsePerfTrace(summary, run))).toEqual({
      seconds: 1,
      calls: { clock_gettime: 83, gettimeofday: 43 },
      lostEvents: 0,
    });
  });

  it('says how many events were lost', () => {
    expect(value(parsePerfTrace(`LOST 17 events!\n${summary}LOST 3 events!\n`, run)).lostEvents).toBe(20);
  });

  it('is 0 calls under an empty summary, and denied without one', () => {
    expect(value(parsePerfTrace('\n Summary of events:\n\n', run)).calls).toEqual({
      clock_gettime: 0,
      gettimeofday: 0,
    });
    expect(parsePerfTrace('', run)).toMatchObject({ unavailable: 'denied', remedy: 'sudo perf trace …' });
    const refused = 'Error:\tPermission denied.\nHint:\tCheck /proc/sys/kernel/perf_event_paranoid setting.\n';
    expect(parsePerfTrace(refused, run)).toMatchObject({
      unavailable: 'denied',
      detail: expect.stringContaining('Permission denied.'),
    });
  });

  it('is a failure when it is something else', () => {
    expect(parsePerfTrace('perf: unknown option\x1b[31m', run)).toEqual({
      unavailable: 'failed',
      detail: 'perf trace …: perf: unknown option',
    });
  });
});

describe('running perf trace', () => {
  it('counts what a slow workload does', async () => {
    const program = await start(buildProgram('workload'), ['--path', 'syscall', '--rate', '500']);
    const { calls, seconds } = value(await runPerfTrace(program.pid, 0.5));
    expect(seconds).toBe(0.5);
    expect(calls.clock_gettime).toBeGreaterThan(200);
    expect(calls.clock_gettime).toBeLessThan(350);
    expect(calls.gettimeofday).toBe(0);
    await program.end();
  });

  it('has no number for a 32-bit program', async () => {
    skipUnlessRuns(['-m32']);
    const program = await start(buildProgram('workload', ['-m32']), ['--path', 'syscall']);
    expect(await runPerfTrace(program.pid, 0.2)).toMatchObject({ unavailable: 'unsupported' });
    await program.end();
  });

  it('says that the process has ended, that it is denied, and that perf is not installed', async () => {
    const source = `
      import { runPerfTrace } from '${collector('perf-trace')}';
      console.log(JSON.stringify(await runPerfTrace(Number(process.argv.at(-1)), 0.1)));
    `;
    expect(await runPerfTrace(4_194_303, 0.1)).toMatchObject({
      unavailable: 'absent',
      detail: expect.stringContaining('ended'),
    });
    expect(runAsNobody(source, String(process.pid))).toMatchObject({ unavailable: 'denied' });
    const argv = ['--input-type=module-typescript', '-e', source, '--', String(process.pid)];
    const output = execFileSync(process.execPath, argv, { env: { PATH: '/nowhere' }, encoding: 'utf8' });
    expect(JSON.parse(output)).toMatchObject({ unavailable: 'absent', detail: 'perf is not installed' });
  });

  it('leaves no perf behind when vdsotop is killed', async () => {
    const program = await start(buildProgram('workload'), ['--path', 'syscall', '--rate', '100']);
    const source = `
      import { runPerfTrace } from '${collector('perf-trace')}';
      await runPerfTrace(${program.pid}, 1);
    `;
    const tool = await start(process.execPath, ['--input-type=module-typescript', '-e', source]);
    const tracing = () =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(
        `perf trace -s -e clock_gettime,gettimeofday -p ${program.pid} `,
      );
    await expect.poll(tracing, { timeout: 20_000 }).toBe(true);
    await tool.end();
    await expect.poll(tracing, { timeout: 20_000 }).toBe(false);
    await program.end();
  });
});
