import type { CapsuleHeader } from '../model/capsule.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { withoutControlCharacters } from './control-characters.ts';
import { deltaOf } from './delta-of.ts';

/** Turns a capsule into its lines, each with its line end, one after the other (docs/capsule.md). */
export interface RecordWriter {
  header(header: CapsuleHeader): string;
  record(snapshot: Snapshot): string;
  /** The last line: how many records there are, and the SHA-256 (hexadecimal) of every line before it. */
  end(sha256: string): string;
}

export function createRecordWriter(): RecordWriter {
  let before: unknown = {};
  let records = 0;
  return {
    header: lineOf,
    record(snapshot) {
      const line = lineOf(deltaOf(before, snapshot) ?? {});
      before = snapshot;
      records += 1;
      return line;
    },
    end: (sha256) => lineOf({ end: { records, sha256 } }),
  };
}

function lineOf(value: unknown): string {
  return `${withoutControlCharacters(JSON.stringify(value))}\n`;
}
