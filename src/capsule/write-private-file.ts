import { closeSync, unlinkSync, writeFileSync } from 'node:fs';
import { createPrivateFile, type FileOwner } from './create-private-file.ts';

/** Writes a new private file whole, or, when the disk is full, leaves none. Throws the system's error. */
export function writePrivateFile(path: string, parts: Iterable<string | Uint8Array>, owner?: FileOwner): void {
  const descriptor = createPrivateFile(path, owner);
  try {
    for (const part of parts) writeFileSync(descriptor, part);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
