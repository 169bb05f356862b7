import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Capsule } from '../model/capsule.ts';
import { createRecordWriter } from './record-writer.ts';

/** Ten minutes of snapshots take some 100 ms to write: in steps of this much, painting and sampling go on between. */
const turnMs = 4;

/** The text of `encodeCapsule`, made without keeping anything else waiting. */
export async function encodeInTurns({ header, snapshots }: Capsule): Promise<string> {
  const writer = createRecordWriter();
  const hash = createHash('sha256');
  const lines: string[] = [];
  const add = (line: string) => {
    hash.update(line);
    lines.push(line);
  };
  add(writer.header(header));
  let turnEndsMs = performance.now() + turnMs;
  for (const snapshot of snapshots) {
    add(writer.record(snapshot));
    if (performance.now() < turnEndsMs) continue;
    await nextTurn();
    turnEndsMs = performance.now() + turnMs;
  }
  return lines.join('') + writer.end(hash.digest('hex'));
}
