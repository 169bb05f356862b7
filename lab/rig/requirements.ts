import { existsSync } from 'node:fs';
import { run } from './run.ts';

/** A file that the lab needs, and the Debian package that has it. */
const needed = [
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/usr/bin/qemu-system-aarch64', 'qemu-system-arm'],
  ['/bin/busybox', 'busybox-static'],
  ['/usr/bin/cpio', 'cpio'],
  ['/usr/bin/gcc', 'gcc'],
  ['/usr/lib32/libc.so.6', 'libc6-i386'],
  ['/usr/bin/aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu'],
  ['/usr/aarch64-linux-gnu/include/stdio.h', 'libc6-dev-arm64-cross'],
  ['/usr/bin/musl-gcc', 'musl-tools'],
  ['/usr/bin/klcc', 'libklibc-dev'],
  ['/usr/bin/go', 'golang-go'],
  ['/usr/bin/unshare', 'util-linux'],
  ['/usr/share/keyrings/debian-archive-keyring.gpg', 'debian-archive-keyring'],
] as const;

/** Debian packages that are not installed. */
export function missingPackages(): readonly string[] {
  return needed.filter(([path]) => !existsSync(path)).map(([, name]) => name);
}

export function installCommand(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

export function installPackages(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', installCommand(packages).split(' ').slice(1), { env });
}
