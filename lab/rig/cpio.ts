import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Packs a folder as the kernel wants its initramfs, everything root's; not compressed: unpacking is slow in a guest. */
export function packTree(folder: string, archive: string): string {
  const into = openSync(archive, 'w');
  try {
    execFileSync('sh', ['-c', 'find . | cpio --create --format=newc --owner=0:0 --quiet'], {
      cwd: folder,
      stdio: ['ignore', into, 'inherit'],
    });
  } finally {
    closeSync(into);
  }
  return archive;
}
