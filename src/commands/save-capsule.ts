import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encodeInTurns } from '../capsule/encode-in-turns.ts';
import { shareFileName } from '../capsule/picture/share-file-name.ts';
import { redactCapsule } from '../capsule/redaction.ts';
import type { Capsule } from '../model/capsule.ts';
import { printable } from '../view/printable.ts';
import { saveFiles } from './save-files.ts';

/**
 * Writes a capsule to a new private file of the folder, named after its target and its moment. Answers the path; throws a
 * UserError where it cannot be written.
 */
export async function saveCapsule(capsule: Capsule, folder: string, showHost: boolean): Promise<string> {
  const { header, snapshots } = showHost ? capsule : redactCapsule(capsule);
  const { pid, comm } = header.target;
  const content = await promisify(gzip)(await encodeInTurns({ header, snapshots }));
  const name = shareFileName({ pid, comm, at: header.savedAt });
  return saveFiles(folder, name, [{ ending: '.ndjson.gz', content }])
    .map(printable)
    .join();
}
