import { describe, expect, it } from 'vitest';
import type { ClockSupport, SupportRow } from '../../src/analysis/clock-support.ts';
import { runVdsotop } from './run-vdsotop.ts';

function support(args: readonly string[] = []): ClockSupport {
  const { output, error, status } = runVdsotop(['clocks', '--json', ...args]);
  expect(error).toBe('');
  expect(status).toBe(0);
  return JSON.parse(output);
}

const row = ({ rows }: ClockSupport, name: string): SupportRow => {
  const found = rows.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
};

describe('vdsotop clocks', () => {
  it('times every clock of this host and finds what its source says', () => {
    const here = support();
    expect(row(here, 'MONOTONIC').measured?.served).toBe(true);
    expect(row(here, 'THREAD_CPUTIME_ID').measured?.served).toBe(false);
    expect(row(here, 'time()').measured?.served).toBe(true);
    expect(here.rows.filter(({ disagreement }) => disagreement !== undefined)).toEqual([]);
  });

  it('tells of another kernel and machine by the source alone, and what was not read as that', () => {
    const old = support(['--arch', 'amd64', '--kernel', '5.0']);
    expect(row(old, 'BOOTTIME').expected).toBe(false);
    expect(row(old, 'TAI').expected).toBe(true);
    expect(row(old, 'BOOTTIME').measured).toBeUndefined();
    expect(row(support(['--kernel', '5.1', '--arch', 'x86_64']), 'BOOTTIME').expected).toMatchObject({
      unavailable: 'unsupported',
    });
    expect(row(support(['--arch', 'arm64', '--kernel', '6.12']), 'time()').expected).toBe(false);
    expect(row(support(['--arch', 'arm64', '--kernel', '6.18']), 'AUX0 to AUX7').expected).toMatchObject({
      unavailable: 'unsupported',
    });
  });

  it('tells nothing of kernels before and after those whose sources were read', () => {
    for (const kernel of ['3.10', '7.4', '9.0']) {
      const { rows } = support(['--arch', 'x86_64', '--kernel', kernel]);
      expect(rows.filter(({ expected }) => expected === true)).toEqual([]);
      expect(rows.find(({ name }) => name === 'MONOTONIC')?.expected).toMatchObject({ unavailable: 'unsupported' });
    }
    expect(row(support(['--arch', 'x86_64', '--kernel', '7.3']), 'MONOTONIC').expected).toBe(true);
    expect(row(support(['--arch', 'x86_64', '--kernel', '3.10']), 'BOOTTIME').expected).toBe(false);
  });

  it('tells of the 32-bit time functions of i386 that 7.3 may be built without', () => {
    const of = (kernel: string, name: string) => row(support(['--arch', 'i386', '--kernel', kernel]), name).expected;
    expect(of('7.2', 'time()')).toBe(true);
    expect(of('7.3', 'time()')).toMatchObject({ detail: 'served only with CONFIG_COMPAT_32BIT_TIME' });
    expect(of('7.3', 'gettimeofday()')).toMatchObject({ unavailable: 'unsupported' });
    expect(of('7.3', 'MONOTONIC')).toBe(true);
    expect(row(support(['--arch', 'x86_64', '--kernel', '7.3']), 'time()').expected).toBe(true);
  });

  it('fits 80 columns and needs no privilege', () => {
    const { output, status, error } = runVdsotop(['clocks'], { uid: 65_534, gid: 65_534 });
    expect(error).toBe('');
    expect(status).toBe(0);
    expect(output.split('\n').filter(({ length }) => length > 80)).toEqual([]);
    expect(output).toMatch(/MONOTONIC +vDSO +[\d.]+ ns/);
  });

  it.each([
    [['--arch', 'vax'], "--arch 'vax' is not known here"],
    [['--kernel', 'new'], "--kernel 'new' cannot be used"],
  ])('refuses %j in one line', (args, said) => {
    const { status, error } = runVdsotop(['clocks', ...args]);
    expect(status).toBe(2);
    expect(error).toContain(said);
    expect(error.trim().split('\n')).toHaveLength(1);
  });
});
