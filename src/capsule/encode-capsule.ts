import { createHash } from 'node:crypto';
import type { Capsule } from '../model/capsule.ts';
import { createRecordWriter } from './record-writer.ts';

/** A capsule as text: what files hold and pictures carry. `decodeCapsule` makes the same capsule of it again. */
export function encodeCapsule({ header, snapshots }: Capsule): string {
  const writer = createRecordWriter();
  const text = writer.header(header) + snapshots.map((snapshot) => writer.record(snapshot)).join('');
  return text + writer.end(createHash('sha256').update(text).digest('hex'));
}
