import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Kernel } from '../kernels.ts';
import { programs } from '../programs.ts';
import { type Arm64Parts, fetchArm64Parts } from './arm64-parts.ts';
import { packTree } from './cpio.ts';
import { guestFiles } from './guest-files.ts';
import { cache, images, root } from './paths.ts';
import { run } from './run.ts';

/** A guest's root file system, but for what it is to do: path of a cpio archive. */
export function buildImage(architecture: Kernel['architecture'], dist: string): string {
  const parts = architecture === 'arm64' ? fetchArm64Parts() : undefined;
  const tree = join(images, architecture);
  rmSync(tree, { recursive: true, force: true });
  const native = parts === undefined ? dist : buildNativeForArm64();
  for (const [to, from] of Object.entries({ ...guestFiles(parts), ...vdsotopFiles(dist, native) }))
    put(join(tree, to), from);
  for (const [name, build] of Object.entries(programs[architecture]))
    put(join(tree, 'lab/bin', name), built(build, parts));
  put(join(tree, 'init'), join(root, 'lab/guest/init'));
  for (const folder of ['proc', 'sys', 'dev', 'tmp']) mkdirSync(join(tree, folder), { recursive: true });
  chmodSync(join(tree, 'tmp'), 0o1777);
  mkdirSync(join(tree, 'etc'));
  writeFileSync(join(tree, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n');
  return packTree(tree, `${tree}.cpio`);
}

function put(to: string, from: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true, filter: (path) => !basename(path).startsWith('musl_') });
}

function built(build: () => string, parts: Arm64Parts | undefined): string {
  if (parts !== undefined) Object.assign(process.env, { MUSL_ARM64: parts.musl, MUSL_ARM64_LIBC: parts.muslLoader });
  return build();
}

function vdsotopFiles(dist: string, native: string): Readonly<Record<string, string>> {
  return {
    'vdsotop/bin': join(root, 'bin'),
    'vdsotop/dist': dist,
    'vdsotop/package.json': join(root, 'package.json'),
    'vdsotop/dist/libvdsotop.so': join(native, 'libvdsotop.so'),
  };
}

/** The C library of this checkout for arm64, by Debian's cross compiler. */
function buildNativeForArm64(): string {
  const into = join(cache, 'arm64-native');
  run(process.execPath, [join(root, 'scripts/build.mjs'), 'native', '--into', into], {
    env: { ...process.env, CC: 'aarch64-linux-gnu-gcc' },
  });
  if (!existsSync(join(into, 'libvdsotop.so'))) throw new Error('the native library for arm64 was not built');
  return into;
}
