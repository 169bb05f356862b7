import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runVdsotop } from './run-vdsotop.ts';
import { runningDemo } from './running-demo.ts';

const folder = temporaryDirectory();
const demo = runningDemo();

const report = (condition: string, duration = '5s') =>
  runVdsotop(['report', '-p', String(demo.pid), '--duration', duration, '--trigger', condition], { cwd: folder });

describe('--trigger', () => {
  it('saves a capsule that holds why, and says where', () => {
    const { error, status } = report('THREAD_CPUTIME_ID.path == syscall and verdict == slow for 1s');
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    const [name = ''] = files;
    expect(name).toMatch(/^vdsotop-vdsotop-demo-\d+-\d{8}T\d{6}Z\.ndjson\.gz$/);
    expect(error).toContain(`saved by --trigger`);
    expect(error).toContain(name);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(status).toBe(0);
    const { output } = runVdsotop(['report', '--from', join(folder, name), '--json']);
    const { events, verdict } = JSON.parse(output) as Report;
    expect(verdict).toBe('slow');
    expect(events.find(({ kind }) => kind === 'trigger')?.text).toMatch(
      /THREAD_CPUTIME_ID\.path was syscall, verdict was slow/,
    );
  });

  it('saves nothing where the condition does not hold', () => {
    const before = readdirSync(folder);
    const { error, status } = report('THREAD_CPUTIME_ID.kernelEntriesPerSecond > 5M/s', '2s');
    expect(error).not.toContain('--trigger');
    expect(readdirSync(folder)).toEqual(before);
    expect(status).toBe(0);
  });

  it('shows the place of a mistake, and ends with 2', () => {
    const { error, output, status } = report('BOOTTIME.vdso.p95 > 1us');
    expect(error.split('\n').slice(0, 3)).toEqual([
      "vdsotop: --trigger: 'p95' is not known here: expected p10, p50, p90 or p99",
      '  BOOTTIME.vdso.p95 > 1us',
      `  ${' '.repeat(14)}^^^`,
    ]);
    expect(output).toBe('');
    expect(status).toBe(2);
  });
});
