import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../kernels.ts';
import { type AptRoot, aptRoot } from './apt-root.ts';
import { unpack } from './unpack.ts';

export interface KernelImage {
  /** '6.1.176-1', as Debian counts. */
  readonly version: string;
  readonly path: string;
}

/** The kernel image that the suite has now. Throws with the reason where it has none of that series. */
export function fetchKernel({ name, architecture, suite, series }: Kernel): KernelImage {
  const apt = aptRoot(suite, architecture);
  const meta = `linux-image-cloud-${architecture}`;
  const version = apt.versionOf(meta);
  if (!version.startsWith(series)) throw new Error(`${suite} now has ${version || 'no kernel'}, not ${name}`);
  const path = imageIn(unpack(apt.download(packageWithImage(apt, meta))));
  return { version, path };
}

/** linux-image-VERSION holds the image; from 7.x on it depends on linux-binary-VERSION, which does. */
function packageWithImage(apt: AptRoot, meta: string): string {
  const image = apt.dependenciesOf(meta).find((name) => name.startsWith('linux-image-'));
  if (image === undefined) throw new Error(`${meta} depends on no linux-image-…`);
  return apt.dependenciesOf(image).find((name) => name.startsWith('linux-binary-')) ?? image;
}

function imageIn(folder: string): string {
  const boot = join(folder, 'boot');
  const modules = join(folder, 'usr/lib/modules');
  const found = [
    ...(existsSync(boot) ? readdirSync(boot).map((name) => join(boot, name)) : []),
    ...(existsSync(modules) ? readdirSync(modules).map((name) => join(modules, name, 'vmlinuz')) : []),
  ].find((path) => /vmlinuz[^/]*$/.test(path));
  if (found === undefined) throw new Error(`no kernel image in ${folder}`);
  return found;
}
