import { describe, expect, it } from 'vitest';
import { readForeignKernel } from '../../../src/collect/host/foreign-kernel.ts';
import { available, unavailable } from '../../../src/collect/reading.ts';

const linuxVersion =
  'Linux version 6.12.0-1-amd64 (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian 6.12.1-1';
const read = (version: string, cpuInfo: string) => (path: string) =>
  available(path === '/proc/version' ? version : cpuInfo, path);

describe('another kernel in the place of Linux', () => {
  it('is none here', () => {
    expect(readForeignKernel()).toEqual({ value: 'none', source: '/proc/version, /proc/cpuinfo' });
  });

  // As these kernels were seen to write: gvisor.dev's pods, microsoft/WSL issue 4555, arch/um/kernel/um_arch.c.
  it.each([
    ['gvisor', 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016', 'processor\t: 0'],
    ['gvisor', 'Linux version 4.19.0-gvisor #1 SMP Sun Jan 10 15:06:54 PST 2016', 'processor\t: 0'],
    ['wsl1', 'Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0 (GCC) )', ''],
    ['none', 'Linux version 4.19.128-microsoft-standard (oe-user@oe-host) (gcc version 8.2.0 (GCC)) #1 SMP', ''],
    ['uml', linuxVersion, 'processor\t: 0 vendor_id\t: User Mode Linux model name\t: UML'],
    ['none', linuxVersion, 'processor\t: 0 vendor_id\t: GenuineIntel'],
  ])('is %s by %j', (name, version, cpuInfo) => {
    expect(readForeignKernel(read(version, cpuInfo))).toMatchObject({ value: name });
  });

  it('is not known where it cannot be read', () => {
    const failed = unavailable('failed', 'reading /proc/version: EIO');
    expect(readForeignKernel(() => failed)).toBe(failed);
  });
});
