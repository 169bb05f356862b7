import { closeSync, constants, fstatSync, openSync } from 'node:fs';

/** open(2): to refer to a file without opening it. Node does not name it; the same on every machine that Node runs on. */
const O_PATH = 0o10000000;

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;

/**
 * Opens a regular file; undefined for whatever else a path of a target's names. Opening a device or a pipe does something,
 * a watchdog is set off and a reader waits for ever, so what it is is asked before, of the very file that is then opened.
 * Throws as node:fs.
 */
export function openRegularFile(path: string | Buffer, links: 'follow' | 'refuse'): number | undefined {
  const handle = openSync(path, O_PATH | (links === 'refuse' ? O_NOFOLLOW : 0));
  try {
    if (!fstatSync(handle).isFile()) return undefined;
    return openSync(`/proc/self/fd/${handle}`, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  } finally {
    closeSync(handle);
  }
}
