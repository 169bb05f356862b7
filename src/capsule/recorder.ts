import { createHash } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { finished, pipeline, type Writable } from 'node:stream';
import { constants, createGzip, type Gzip } from 'node:zlib';
import type { CapsuleHeader } from '../model/capsule.ts';
import type { Recording } from '../model/outlets.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { createPrivateFile, type FileOwner } from './create-private-file.ts';
import { noRoom } from './no-room.ts';
import { createRecordWriter } from './record-writer.ts';

/** Writes snapshots to a file as they come. A failure ends the recording, and nothing else. */
export interface Recorder {
  begin(header: CapsuleHeader): void;
  add(snapshot: Snapshot): void;
  state(): Recording;
  /** Writes the last line; settles when all is written, or could not be. Of nothing no file is left. */
  close(): Promise<Recording>;
}

/** What a program that is killed may lose. */
const flushMs = 1_000;
const fullBecause: Readonly<Record<string, string>> = noRoom;
/** More than this waiting to be written is a disk that does not keep up. */
const mostWaitingBytes = 16 * 1024 * 1024;

/**
 * Creates the file, which only its owner can read; a name that ends in .gz is written in gzip. Throws the system's error
 * where it cannot be created.
 */
export function createRecorder(path: string, owner?: FileOwner): Recorder {
  const file = createWriteStream(path, { fd: createPrivateFile(path, owner) });
  const gzip = path.endsWith('.gz') ? createGzip() : undefined;
  const sink: Writable = gzip ?? file;
  const writer = createRecordWriter();
  const hash = createHash('sha256');
  const done = Promise.withResolvers<void>();
  let failure: string | undefined;
  let begun = false;
  let closed = false;

  const settle = (error: NodeJS.ErrnoException | null | undefined) => {
    if (error) failure ??= fullBecause[error.code ?? ''] ?? error.message;
    done.resolve();
  };
  if (gzip === undefined) finished(file, settle);
  else pipeline(gzip, file, settle);
  const flushing = gzip && flushEverySecond(gzip);

  const write = (text: string) => {
    if (closed || failure !== undefined) return;
    hash.update(text);
    sink.write(text);
    if (sink.writableLength <= mostWaitingBytes) return;
    failure = 'the disk does not keep up';
    sink.destroy();
  };
  const state = (): Recording => ({ path, bytes: file.bytesWritten, ...(failure !== undefined && { failure }) });

  return {
    begin(header) {
      begun = true;
      write(writer.header(header));
    },
    add: (snapshot) => write(writer.record(snapshot)),
    state,
    async close() {
      clearInterval(flushing);
      if (!closed && failure === undefined) sink.end(begun ? writer.end(hash.digest('hex')) : '');
      closed = true;
      await done.promise;
      if (begun && file.bytesWritten > 0) return state();
      // It could not be opened, and would be in the way of the next try.
      rmSync(path, { force: true });
      return { ...state(), bytes: 0 };
    },
  };
}

/** Each flush makes what was written so far readable, and costs some bytes. */
function flushEverySecond(gzip: Gzip): NodeJS.Timeout {
  let flushed = 0;
  return setInterval(() => {
    if (gzip.bytesWritten === flushed || gzip.destroyed) return;
    flushed = gzip.bytesWritten;
    gzip.flush(constants.Z_SYNC_FLUSH);
  }, flushMs).unref();
}
