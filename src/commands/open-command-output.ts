import { closeSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createPrivateFile } from '../capsule/create-private-file.ts';
import { printable } from '../view/printable.ts';
import { systemError } from './system-error.ts';

/** Where a command prints to while the screen belongs to vdsotop: a new file that only its owner can read. */
export interface CommandOutput {
  readonly path: string;
  readonly descriptor: number;
  /** Of vdsotop's own descriptor; the command has its own. */
  close(): void;
  discard(): void;
}

/** A file may be left by an earlier process of the same pid. */
const mostOfOneName = 100;

/** Throws a UserError where it cannot be created. */
export function openCommandOutput(command: string): CommandOutput {
  const name = `vdsotop-${basename(command).replace(/[^\w.-]/g, '_')}-${process.pid}`;
  for (let number = 1; ; number += 1) {
    const path = join(tmpdir(), `${name}${number === 1 ? '' : `-${number}`}.log`);
    try {
      const descriptor = createPrivateFile(path);
      return {
        path,
        descriptor,
        close: () => closeSync(descriptor),
        discard: () => rmSync(path, { force: true }),
      };
    } catch (error) {
      if (isTaken(error) && number < mostOfOneName) continue;
      throw systemError(
        error,
        `${printable(path)}, where the command is to print to (TMPDIR tells another folder), cannot be created`,
      );
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
