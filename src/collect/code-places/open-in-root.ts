import { closeSync, constants, lstatSync, openSync, readlinkSync } from 'node:fs';
import { openRegularFile } from '../open-regular-file.ts';

/** As the kernel's own bound (MAXSYMLINKS of include/linux/namei.h), and deeper than any path to a file of symbols. */
const maxLinks = 40;
const maxDepth = 64;

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/**
 * Opens a regular file below `root`, which is the target's (/proc/PID/root): its symbolic links and '..' lead no further up
 * than there, as after chroot(2). Each step is taken from the open directory before it, so that a target which moves
 * things meanwhile leads nowhere else. `path` is one character a byte. undefined for whatever cannot be opened, devices and
 * pipes among it.
 */
export function openInRoot(root: string, path: string): number | undefined {
  const directories: number[] = [];
  try {
    directories.push(openSync(root, O_RDONLY | O_DIRECTORY));
    return walk(directories, path);
  } catch {
    return undefined;
  } finally {
    for (const directory of directories) closeSync(directory);
  }
}

/** `directories`: open, from the root to where the walk stands. Throws as node:fs. */
function walk(directories: number[], path: string): number | undefined {
  const ahead = stepsOf(path);
  let links = 0;
  for (let name = ahead.pop(); name !== undefined && directories.length <= maxDepth; name = ahead.pop()) {
    if (name === '..') {
      leaveTo(directories, Math.max(1, directories.length - 1));
      continue;
    }
    const step = Buffer.from(`/proc/self/fd/${directories.at(-1)}/${name}`, 'latin1');
    const status = lstatSync(step);
    if (status.isSymbolicLink()) {
      links += 1;
      if (links > maxLinks) return undefined;
      const target = readlinkSync(step, 'latin1');
      if (target.startsWith('/')) leaveTo(directories, 1);
      ahead.push(...stepsOf(target));
    } else if (ahead.length === 0) {
      return openRegularFile(step, 'refuse');
    } else {
      directories.push(openSync(step, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    }
  }
  return undefined;
}

/** The last one first. */
function stepsOf(path: string): string[] {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reverse();
}

function leaveTo(directories: number[], depth: number): void {
  for (const directory of directories.splice(depth)) closeSync(directory);
}
