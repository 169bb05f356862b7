import type { ReadCapsule } from './record-reader.ts';
import { recordsPhrase } from './records-phrase.ts';

/** What a reader of a replay should know of it: by whose rules it is judged, and what is missing; whole sentences. */
export function replayNotes({ header, snapshots, cutShort, leftOut }: ReadCapsule, version: string): readonly string[] {
  const { hidden, tool } = header;
  const notes = [
    tool.version === version ? '' : `Recorded by vdsotop ${tool.version} and judged anew by ${version}.`,
    cutShort ? `It breaks off after ${recordsPhrase(leftOut + snapshots.length)}.` : '',
    leftOutNote(leftOut),
    hidden.length > 0 ? `Hidden when it was saved: ${hidden.join(', ')}.` : '',
  ];
  return notes.filter((note) => note !== '');
}

function leftOutNote(count: number): string {
  if (count === 0) return '';
  if (count === 1) return 'Its first record is left out: it does not fit in memory.';
  return `Its first ${recordsPhrase(count)} are left out: they do not fit in memory.`;
}
