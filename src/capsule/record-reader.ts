import type { Capsule, CapsuleHeader } from '../model/capsule.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { applyDelta } from './apply-delta.ts';
import { CapsuleProblem, damaged } from './capsule-problem.ts';
import { hasControlCharacters } from './control-characters.ts';
import { isNewerVersion } from './is-newer-version.ts';
import type { Json } from './json.ts';
import { recordsPhrase } from './records-phrase.ts';

/** Says what is wrong with a value that should have the shape of the word, or undefined. Of a snapshot, only `fields`. */
export interface ShapeCheck {
  header(value: unknown): string | undefined;
  snapshot(value: unknown, fields: readonly string[]): string | undefined;
}

export interface ReaderOptions {
  readonly check: ShapeCheck;
  /** Of the vdsotop that reads: what a later one wrote it may not understand. */
  readonly version: string;
  /** Bytes that the records kept may take, as their text and what had to be copied for them; older ones make room. */
  readonly mostKept?: number;
}

/** A capsule as it was read, and what is missing from it. */
export interface ReadCapsule extends Capsule {
  /** No last line: whoever wrote it was interrupted, or still writes. */
  readonly cutShort: boolean;
  /** Records that were let go of to keep memory bounded, the oldest ones. */
  readonly leftOut: number;
}

/** Reads a capsule line by line. Every method throws a CapsuleProblem where the text is not one. */
export interface RecordReader {
  /** One line without its end. `sha256` is asked for the hash of all lines before the last one. */
  line(text: string, sha256: () => string): void;
  finish(): ReadCapsule;
}

/** Hours of recording. In memory it is some times as much. */
const mostKeptBytes = 32 * 1024 * 1024;
const bytesPerMember = 8;
/** ECMA-262: a Date holds ±8.64e15 ms. */
const lastDateMs = 8.64e15;

export function createRecordReader({ check, version, mostKept = mostKeptBytes }: ReaderOptions): RecordReader {
  let header: CapsuleHeader | undefined;
  let latest: Json = {};
  let records = 0;
  let ended = false;
  let keptBytes = 0;
  const kept: { readonly snapshot: Snapshot; readonly bytes: number }[] = [];

  const parse = (text: string): { readonly [key: string]: Json } => {
    if (hasControlCharacters(text)) throw damaged(`${placeOf(records)} holds control characters`);
    const value = parsedOrUndefined(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw damaged(`${placeOf(records)} is no record`);
    return value as { readonly [key: string]: Json };
  };

  const readRecord = (text: string) => {
    const delta = parse(text);
    const before = latest;
    let bytes = text.length;
    latest = applied(before, delta, records, (members) => {
      bytes += members * bytesPerMember;
    });
    const fields = Object.keys(records === 0 ? (latest ?? {}) : delta);
    const wrong = check.snapshot(latest, fields) ?? wrongTime(before, latest);
    if (wrong !== undefined) throw refusal(header, version, `${placeOf(records)}: ${wrong}`);
    records += 1;
    kept.push({ snapshot: latest as unknown as Snapshot, bytes });
    keptBytes += bytes;
    while (keptBytes > mostKept && kept.length > 1) keptBytes -= kept.shift()?.bytes ?? 0;
  };

  return {
    line(text, sha256) {
      if (ended) throw damaged('something follows its last line');
      if (header === undefined) header = readHeader(text, check, version);
      else if (text.startsWith('{"end":')) {
        checkEnd(parse(text), records, sha256());
        ended = true;
      } else readRecord(text);
    },
    finish() {
      if (header === undefined) throw new CapsuleProblem('not-a-capsule', 'is not a capsule: it is empty');
      if (kept.length === 0) throw damaged('it holds no whole record');
      const snapshots = kept.map(({ snapshot }) => snapshot);
      return { header, snapshots, cutShort: !ended, leftOut: records - snapshots.length };
    },
  };
}

/** As an editor counts lines: the header is the first. */
function placeOf(records: number): string {
  return `line ${records + 2}`;
}

function readHeader(text: string, check: ShapeCheck, version: string): CapsuleHeader {
  const value = parsedOrUndefined(text);
  const format = typeof value === 'object' && value !== null && 'capsule' in value ? value.capsule : undefined;
  if (typeof format !== 'number')
    throw new CapsuleProblem('not-a-capsule', 'is not a capsule: it does not begin with the header of one');
  if (hasControlCharacters(text)) throw damaged('line 1 holds control characters');
  if (format > 1)
    throw new CapsuleProblem('newer', `is a capsule of format ${format}, and this vdsotop reads format 1: update it`);
  const wrong = check.header(value);
  if (wrong !== undefined) throw refusal(value as Partial<CapsuleHeader>, version, `line 1: ${wrong}`);
  return value as unknown as CapsuleHeader;
}

/** What a newer vdsotop wrote may be right, and not understood here. */
function refusal(header: Partial<CapsuleHeader> | undefined, version: string, why: string): CapsuleProblem {
  const maker = header?.tool?.version;
  if (typeof maker !== 'string' || !isNewerVersion(maker, version)) return damaged(why);
  return new CapsuleProblem(
    'newer',
    `was made by vdsotop ${maker.slice(0, 32)}, and this is ${version}: update it (${why})`,
  );
}

function applied(before: Json, delta: Json, records: number, onCopy: (members: number) => void): Json {
  try {
    return applyDelta(before, delta, onCopy);
  } catch {
    throw damaged(`${placeOf(records)} does not follow from the line before`);
  }
}

/** What the shape does not say and every judgement relies on: time goes forward, and is a time. */
function wrongTime(before: Json, after: Json): string | undefined {
  const { atMs, elapsedMs, sinceMs, events } = after as unknown as Snapshot;
  const earlier = (before as Partial<Snapshot>).elapsedMs ?? 0;
  if ([atMs, ...events.map((event) => event.atMs)].some((ms) => Math.abs(ms) > lastDateMs)) return 'no such date';
  if (elapsedMs < earlier) return 'time goes backwards';
  return sinceMs > elapsedMs || sinceMs < 0 ? 'its window begins at no time of it' : undefined;
}

function checkEnd(line: { readonly [key: string]: Json }, records: number, sha256: string): void {
  const { end } = line as { readonly end: { readonly records?: Json; readonly sha256?: Json } | null };
  const promised = end?.records;
  const promise = typeof promised === 'number' ? recordsPhrase(promised) : 'no number of records';
  if (promised !== records) throw damaged(`it should hold ${promise} and holds ${records}`);
  if (end?.sha256 !== sha256) throw damaged('its content has changed since it was written (SHA-256)');
}

function parsedOrUndefined(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
