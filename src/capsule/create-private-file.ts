import { closeSync, constants, fchmodSync, fchownSync, openSync, unlinkSync } from 'node:fs';

/** The person a file is for: under sudo not root, but who called it. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** Past the limit of a file's size (`ulimit -f`) the kernel would end us, and leave the terminal as it is; now writing fails. */
const outliveFileSizeLimit = () => {};

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/**
 * Creates a new file that only its owner can read, and answers its descriptor, open for writing. What a target reveals
 * of itself is nobody else's to read. O_EXCL refuses every name that is there already, a symbolic link that leads
 * nowhere too (POSIX open), so nothing is overwritten or written elsewhere. Throws the system's error; nothing is left
 * behind then.
 */
export function createPrivateFile(path: string, owner?: FileOwner): number {
  if (process.listenerCount('SIGXFSZ') === 0) process.on('SIGXFSZ', outliveFileSizeLimit);
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    // The umask may have taken more away.
    fchmodSync(descriptor, 0o600);
    if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    unlinkSync(path);
    throw error;
  }
}
