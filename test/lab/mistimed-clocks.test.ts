import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mistimedClocks } from '../../lab/mistimed-clocks.ts';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { timedKernels } from '../../src/analysis/timed-kernels.ts';
import { makeScenario, tscPrices } from '../analysis/snapshot-builder.ts';

const times = (changes: Readonly<Record<string, number>>) =>
  mistimedClocks(diagnose(makeScenario({ prices: { ...tscPrices, ...changes } }), { version: '0' }), 'x86_64');

describe('times that contradict the clock tables', () => {
  it('are none on a healthy machine', () => {
    expect(times({})).toEqual([]);
  });

  it('are a clock that should be served and costs as much as a system call', () => {
    expect(times({ '7.vdso': 160 })).toEqual([
      'BOOTTIME: 160 ns by the vDSO, 165 ns by syscall, and the tables say served',
    ]);
  });

  it('are a clock that no vDSO should serve and that is cheap', () => {
    expect(times({ '3.vdso': 20 })).toEqual([
      'THREAD_CPUTIME_ID: 20 ns by the vDSO, 212 ns by syscall, and the tables say not',
    ]);
  });
});

it('the kernels that the tables were timed on are those that docs/lab.md tells of', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/lab.md'), 'utf8');
  const architectures = { x86_64: 'amd64', aarch64: 'arm64', i386: '', riscv64: '' };
  for (const { machine, version } of timedKernels)
    expect(page).toMatch(
      new RegExp(`\\| ${architectures[machine]} \\| \\w+ \\| ${version.replaceAll('.', '\\.')} \\|`),
    );
});
