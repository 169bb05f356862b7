import { exitCodes } from './user-error.ts';

/**
 * `vdsotop report | head` closes the pipe when it has seen enough: that is no failure, and what is recorded is closed and
 * the status set as if all had been read. A disk that is full is one. A terminal that is gone ends the screen on it
 * (use-leaving.ts).
 */
export function goOnWithoutReader(): void {
  // Under `vdsotop -- CMD` the report goes here, and the status is the command's.
  process.stderr.on('error', () => {});
  let isSaid = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY)) return;
    process.exitCode = exitCodes.unsupported;
    if (!isSaid) process.stderr.write(`vdsotop: the report could not be written: ${error.message}\n`);
    isSaid = true;
  });
}
