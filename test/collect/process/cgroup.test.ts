import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { containerOf } from '../../../src/collect/process/cgroup.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { compile, start, value } from '../processes.ts';

const id = '3f4e8a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7';

describe('the cgroup of a process', () => {
  it('is the one that /proc names', async () => {
    const { pid } = await start(compile(temporaryDirectory(), 'wait'));
    const { path } = value(collectTarget(pid).cgroup);
    expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8')).toMatch(new RegExp(`:${path.replace(/\W/g, '\\$&')}$`, 'm'));
  });
});

// Paths as the engines document them and as /proc/PID/cgroup shows them on hosts with systemd and with cgroupfs drivers.
describe('the container a cgroup stands for', () => {
  it.each([
    [`/system.slice/docker-${id}.scope`, 'docker 3f4e8a1b2c3d'],
    [`/docker/${id}`, 'docker 3f4e8a1b2c3d'],
    [`/machine.slice/libpod-${id}.scope/container`, 'podman 3f4e8a1b2c3d'],
    [
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0aa1_b.slice/cri-containerd-${id}.scope`,
      'containerd 3f4e8a1b2c3d',
    ],
    [`/kubepods/besteffort/pod12345678-1234-1234-1234-123456789abc/${id}`, 'kubernetes 3f4e8a1b2c3d'],
    [`/kubepods.slice/crio-${id}.scope`, 'cri-o 3f4e8a1b2c3d'],
    ['/lxc.payload.web-1/system.slice/cron.service', 'lxc web-1'],
    ['/lxc/web-1', 'lxc web-1'],
    ['/system.slice/postgresql.service', undefined],
    ['/user.slice/user-1000.slice/session-3.scope', undefined],
    ['/', undefined],
    [`/system.slice/docker-${id.slice(0, 20)}.scope`, undefined],
  ])('%s is %s', (path, container) => expect(containerOf(path)).toBe(container));
});
