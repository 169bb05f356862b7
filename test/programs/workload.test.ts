import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { buildProgram } from './build.ts';
import { skipUnlessRuns } from './skip-unless-runs.ts';

const perf = spawnSync('perf', ['stat', '-e', 'raw_syscalls:sys_enter', 'true']).status === 0;

function run(flags: readonly string[], args: readonly string[]) {
  return JSON.parse(execFileSync(buildProgram('workload', flags), args, { encoding: 'utf8' }));
}

/** What perf counted of one event while the command ran, from its start to its end. */
function counted(event: string, command: readonly string[]): number {
  const { stderr } = spawnSync('perf', ['stat', '-x,', '-e', event, '--', ...command], { encoding: 'utf8' });
  return Number(/^(\d+),/m.exec(stderr)?.[1]);
}

describe('the workload', () => {
  it.each([[[]], [['-static']], [['-m32']], [['-m32', '-static']]])('keeps its rate when built with %j', (flags) => {
    skipUnlessRuns(flags);
    const { reads } = run(flags, ['--path', 'syscall', '--rate', '5000', '--threads', '3', '--seconds', '1']);
    expect(reads).toBeGreaterThanOrEqual(15_000 * 0.98);
    expect(reads).toBeLessThanOrEqual(15_000 * 1.02);
  });

  it.each([
    ['clock_gettime', 'syscall', 'syscalls:sys_enter_clock_gettime'],
    ['clock_gettime', 'inline', 'syscalls:sys_enter_clock_gettime'],
    ['gettimeofday', 'inline', 'syscalls:sys_enter_gettimeofday'],
    ['getcpu', 'syscall', 'syscalls:sys_enter_getcpu'],
    ['time', 'vsyscall', 'vsyscall:emulate_vsyscall'],
  ])('says exactly how often it called %s by %s', (fn, path, event) => {
    skipUnless(perf, 'perf may not count here');
    const counts = ['--count', '12345', '--rate', 'hot', '--threads', '2', '--seconds', '1'];
    const command = [buildProgram('workload'), '--function', fn, '--clock', '0', '--path', path, ...counts];
    expect(counted(event, command)).toBe(24_690);
  });

  it('refuses what it cannot do', () => {
    const refused = spawnSync(buildProgram('workload'), ['--path', 'vsyscall'], { encoding: 'utf8' });
    expect([refused.status, refused.stderr]).toEqual([
      2,
      "workload: cannot use 'vsyscall' for --path of this --function\n",
    ]);
  });
});
