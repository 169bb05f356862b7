import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { buildProgram } from '../programs/build.ts';
import { skipUnless } from '../skip-unless.ts';
import { startProgram } from './programs.ts';
import { reportOnProgram } from './report-on-program.ts';
import { vdsotop } from './run-vdsotop.ts';

const reportOn = (how: string, compiler?: string) => reportOnProgram(buildProgram('patched-vdso', [], compiler), [how]);

/** May count and read who is where in memory, but not what is there: the kernel lets CAP_PERFMON do so since 6.17. */
const capabilities = '-all,+perfmon,+bpf,+dac_override';
const asWatcher = [
  ...['--reuid', '65534', '--regid', '65534', '--clear-groups', '--bounding-set', capabilities],
  ...['--inh-caps', capabilities, '--ambient-caps', capabilities],
];

function watch(...command: readonly string[]) {
  return spawnSync('setpriv', [...asWatcher, ...command], { encoding: 'utf8', timeout: 60_000 });
}

function holds({ findings }: Report, id: string) {
  return findings.find((finding) => finding.id === id)?.verdict;
}

function confirmedCauses({ findings }: Report): readonly string[] {
  return findings.filter(({ role, verdict }) => role === 'cause' && verdict === 'confirmed').map(({ id }) => id);
}

describe.skipIf(process.arch !== 'x64')('a vDSO that was patched (x86-64 alone: patched-vdso.c)', () => {
  it('is not laid to the program where it hands calls on to a page of its own', async () => {
    const report = await reportOn('away');
    expect(report.headline).toMatch(/MONOTONIC enters the kernel .* but something has written to that of the target/);
    expect(confirmedCauses(report)).toEqual([]);
    expect(holds(report, 'direct-syscall')).toBe('possible');
    expect(holds(report, 'vdso-image-modified')).toBe('confirmed');
  });

  it('is not laid to anyone else where it makes the system call itself', async () => {
    const report = await reportOn('inline');
    expect(report.headline).toMatch(/MONOTONIC enters .*the target's vDSO, which something has written to, is called/);
    expect(confirmedCauses(report)).toEqual([]);
    expect(holds(report, 'direct-syscall')).toBe('ruled-out');
    expect(holds(report, 'vdso-image-modified')).toBe('confirmed');
  });

  it('is told from one that nobody has written to where it may not be read', async () => {
    const [patched, untouched] = [
      await startProgram(buildProgram('patched-vdso'), ['away']),
      await startProgram(buildProgram('mixed-reads'), '--rate 20000 often:1:syscall:1'.split(' ')),
    ];
    try {
      const pids = [patched, untouched].map(({ pid }) => String(pid));
      skipUnless(
        watch('cat', `/proc/${pids[0]}/maps`).status === 0,
        'CAP_PERFMON alone reads no maps before Linux 6.17',
      );
      const [first, second] = pids.map(
        (pid): Report => JSON.parse(watch(vdsotop, 'report', '-p', pid, '--json').stdout),
      );
      for (const report of [first, second])
        expect(report?.limits.map(({ reading }) => reading)).toContain("the target's own vDSO");
      expect(first?.headline).toMatch(/MONOTONIC enters the kernel .* but something has written to that of the target/);
      expect(first && holds(first, 'direct-syscall')).toBe('possible');
      expect(second && holds(second, 'direct-syscall')).toBe('confirmed');
    } finally {
      await patched.end();
      await untouched.end();
    }
  });

  it('is not laid to musl where it refuses calls', async () => {
    const report = await reportOn('refuse', 'musl-gcc');
    expect(report.headline).toMatch(/MONOTONIC enters the kernel .* but something has written to that of the target/);
    expect(confirmedCauses(report)).toEqual([]);
    expect(holds(report, 'libc-bypasses-vdso')).toBe('possible');
    expect(holds(report, 'vdso-image-modified')).toBe('confirmed');
  });
});
