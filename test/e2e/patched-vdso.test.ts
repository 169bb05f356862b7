import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { buildProgram } from '../programs/build.ts';
import { reportOnProgram } from './report-on-program.ts';

const reportOn = (how: string, compiler?: string) => reportOnProgram(buildProgram('patched-vdso', [], compiler), [how]);

function holds({ findings }: Report, id: string) {
  return findings.find((finding) => finding.id === id)?.verdict;
}

function confirmedCauses({ findings }: Report): readonly string[] {
  return findings.filter(({ role, verdict }) => role === 'cause' && verdict === 'confirmed').map(({ id }) => id);
}

describe.skipIf(process.arch !== 'x64')('a vDSO that was patched (x86-64 alone: patched-vdso.c)', () => {
  it('is not laid to the program where it hands calls on to a page of its own', async () => {
    const report = await reportOn('away');
    expect(report.headline).toMatch(/MONOTONIC enters the kernel .* but something has patched that of the target/);
    expect(confirmedCauses(report)).toEqual([]);
    expect(holds(report, 'direct-syscall')).toBe('possible');
    expect(holds(report, 'vdso-image-modified')).toBe('confirmed');
  });

  it('is not laid to anyone else where it makes the system call itself', async () => {
    const report = await reportOn('inline');
    expect(report.headline).toMatch(/MONOTONIC enters .*the target's vDSO, which something has patched, is called/);
    expect(confirmedCauses(report)).toEqual([]);
    expect(holds(report, 'direct-syscall')).toBe('ruled-out');
    expect(holds(report, 'vdso-image-modified')).toBe('confirmed');
  });

  it('is not laid to musl where it refuses calls', async () => {
    const report = await reportOn('refuse', 'musl-gcc');
    expect(report.headline).toMatch(/MONOTONIC enters the kernel .* but something has patched that of the target/);
    expect(confirmedCauses(report)).toEqual([]);
    expect(holds(report, 'libc-bypasses-vdso')).toBe('possible');
    expect(holds(report, 'vdso-image-modified')).toBe('confirmed');
  });
});
