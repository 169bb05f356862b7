import { exitCodes } from './user-error.ts';

/**
 * `vdsotop report | head` closes the pipe when it has seen enough: that ends vdsotop, and is no failure. A disk that is
 * full is one. A terminal that is gone ends the screen on it (use-leaving.ts), which closes what is recorded.
 */
export function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EIO' && stream.isTTY) return;
      if (error.code !== 'EPIPE') process.stderr.write(`vdsotop: the report could not be written: ${error.message}\n`);
      process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.unsupported);
    });
  }
}
