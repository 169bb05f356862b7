import { spawn } from 'node:child_process';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { demoPath, startProgram } from './programs.ts';
import { runVdsotopAsync, vdsotop } from './run-vdsotop.ts';

describe('what happens while vdsotop watches', () => {
  it('is told where samples did not come, as when vdsotop itself was stopped', async () => {
    const target = await startProgram(demoPath);
    const watcher = spawn(vdsotop, ['report', '-p', String(target.pid), '--json', '--duration', '9s'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    watcher.stdout.on('data', (data) => {
      output += data;
    });
    const ended = new Promise((resolve) => watcher.once('close', resolve));
    await sleep(3_000);
    watcher.kill('SIGSTOP');
    await sleep(4_000);
    watcher.kill('SIGCONT');
    await ended;
    await target.end();
    const { events } = JSON.parse(output) as Report;
    expect(events.filter(({ kind }) => kind === 'gap').map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^no sample for [4-6]\.\d s: vdsotop waited .* it may also have been stopped/),
    );
  });

  it('is told where the target used its CPU quota up', async ({ skip }) => {
    const group = `/sys/fs/cgroup/cpu/vdsotop-events-${process.pid}`;
    try {
      mkdirSync(group);
    } catch {
      skip(true, 'no cgroup v1 cpu tree in which a group may be made');
    }
    const burner = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    try {
      writeFileSync(join(group, 'cpu.cfs_quota_us'), '20000');
      writeFileSync(join(group, 'cgroup.procs'), String(burner.pid));
      const { output } = await runVdsotopAsync(['report', '-p', String(burner.pid), '--json', '--duration', '3s']);
      const { events } = JSON.parse(output) as Report;
      expect(events.find(({ kind }) => kind === 'throttled')?.text).toMatch(
        /^cgroup \/vdsotop-events-\d+ used its CPU quota up (once|\d+ times): throttled for \d+ ms/,
      );
    } finally {
      burner.kill('SIGKILL');
      await new Promise((resolve) => burner.once('exit', resolve));
      await sleep(50);
      rmdirSync(group);
    }
  });
});
