import type { ReadCapsule } from './record-reader.ts';

/** What a reader of a replay should know of it: by whose rules it is judged, and what is missing; whole sentences. */
export function replayNotes({ header, snapshots, cutShort, leftOut }: ReadCapsule, version: string): readonly string[] {
  const { hidden, tool } = header;
  const notes = [
    tool.version === version ? '' : `Recorded by vdsotop ${tool.version} and judged anew by ${version}.`,
    cutShort ? `It breaks off after ${leftOut + snapshots.length} records.` : '',
    leftOut > 0 ? `Its first ${leftOut} records are left out: they do not fit in memory.` : '',
    hidden.length > 0 ? `Hidden when it was saved: ${hidden.join(', ')}.` : '',
  ];
  return notes.filter((note) => note !== '');
}
