import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createCgroupThrottling } from '../../../src/collect/process/cgroup-throttling.ts';

let root = '';

afterEach(() => {
  if (root !== '') rmSync(root, { recursive: true, force: true });
  root = '';
});

/** A root of files as the kernel shows them. */
function files(contents: Readonly<Record<string, string>>): string {
  root = mkdtempSync(join(tmpdir(), 'vdsotop-cgroup-'));
  write(contents);
  return root;
}

function write(contents: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

const v2Mount = '30 20 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';
const v1Mount = '31 20 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n';
const stat = (times: number, usec: number) =>
  `usage_usec 5\nnr_periods 40\nnr_throttled ${times}\nthrottled_usec ${usec}\n`;

describe('a quota that is used up', () => {
  it('is told of the group and of those above it (cgroup v2)', () => {
    let nowMs = 0;
    files({
      'proc/7/cgroup': '0::/kubepods/pod1/c1\n',
      'proc/self/mountinfo': v2Mount,
      'sys/fs/cgroup/kubepods/pod1/c1/cpu.stat': stat(3, 1_000),
      'sys/fs/cgroup/kubepods/pod1/cpu.stat': stat(0, 0),
    });
    const { poll } = createCgroupThrottling(7, { root, nowMs: () => nowMs });
    expect(poll()).toEqual([]);
    nowMs = 500;
    write({ 'sys/fs/cgroup/kubepods/pod1/cpu.stat': stat(4, 152_000) });
    expect(poll()).toEqual([
      'cgroup /kubepods/pod1 used its CPU quota up 4 times: throttled for 152 ms, all CPUs together',
    ]);
    write({ 'sys/fs/cgroup/kubepods/pod1/cpu.stat': stat(9, 300_000) });
    nowMs = 5_000;
    expect(poll()).toEqual([]);
    nowMs = 10_600;
    expect(poll()).toEqual([
      'cgroup /kubepods/pod1 used its CPU quota up 5 times: throttled for 148 ms, all CPUs together',
    ]);
  });

  it('is told by cgroup v1, in nanoseconds, through a mount of a part of the tree', () => {
    files({
      'proc/7/cgroup': '5:memory:/other\n4:cpu,cpuacct:/docker/abc/app\n',
      'proc/self/mountinfo': v1Mount.replace(' / /sys', ' /docker/abc /sys'),
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.stat': 'nr_periods 1\nnr_throttled 1\nthrottled_time 1000000\n',
    });
    const { poll } = createCgroupThrottling(7, { root });
    poll();
    write({
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.stat': 'nr_periods 9\nnr_throttled 2\nthrottled_time 51000000\n',
    });
    expect(poll()).toEqual(['cgroup /app used its CPU quota up once: throttled for 50 ms, all CPUs together']);
  });

  it.each([
    ['outside of our cgroup namespace', '0::/../other\n', v2Mount],
    ['without a mount', '0::/app\n', ''],
    ['that is not there any more', '', v2Mount],
  ])('says nothing of a group %s', (_name, cgroup, mountinfo) => {
    files({ 'proc/7/cgroup': cgroup, 'proc/self/mountinfo': mountinfo });
    expect(createCgroupThrottling(7, { root }).poll()).toEqual([]);
  });

  it('is seen of a real process that is throttled', async ({ skip }) => {
    const mount = '/sys/fs/cgroup/cpu';
    const group = join(mount, `vdsotop-test-${process.pid}`);
    skip(
      !existsSync(join(mount, 'cpu.cfs_quota_us')) && !existsSync(join(mount, 'cgroup.procs')),
      'no cgroup v1 cpu tree',
    );
    try {
      mkdirSync(group);
    } catch {
      skip(true, 'cgroups may not be made here');
    }
    const burner = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    try {
      writeFileSync(join(group, 'cpu.cfs_period_us'), '100000');
      writeFileSync(join(group, 'cpu.cfs_quota_us'), '10000');
      writeFileSync(join(group, 'cgroup.procs'), String(burner.pid));
      const { poll } = createCgroupThrottling(burner.pid ?? 0);
      poll();
      await sleep(1_000);
      expect(poll()).toEqual([
        expect.stringMatching(/^cgroup \/vdsotop-test-\d+ used its CPU quota up \d+ times: throttled for \d+ ms/),
      ]);
    } finally {
      burner.kill('SIGKILL');
      await new Promise((resolve) => burner.once('exit', resolve));
      await sleep(50);
      rmdirSync(group);
    }
  });
});
