import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { CapsuleProblem, damaged } from './capsule-problem.ts';
import { type CapsuleDecoder, createCapsuleDecoder } from './decode-capsule.ts';
import { extractCapsuleText } from './extract-capsule-text.ts';
import { extractFromJson } from './extract-from-json.ts';
import type { ReadCapsule, ReaderOptions } from './record-reader.ts';

/** A picture or JSON document with a capsule in it is read whole; a real one has some megabytes. */
const largestWhole = 256 * 1024 * 1024;
/** A day of recording is 0.3 GiB; a file that unpacks to more than this is made to fill memory or time. */
const mostText = 2 * 1024 * 1024 * 1024;

/**
 * Opens a capsule in any of its forms, told apart by how the file begins. Memory stays bounded whatever the file says.
 * Throws a CapsuleProblem for what is no capsule, and the system's error where the file cannot be read.
 */
export async function openCapsule(path: string, options: ReaderOptions): Promise<ReadCapsule> {
  const file = await open(path, 'r');
  try {
    const start = await readStart(file);
    const decoder = createCapsuleDecoder(options);
    if (hasTextInside(start)) decoder.push(textInside(await readWhole(start, file)));
    else if (isGzip(start)) await decodeGzip(start, file, decoder);
    else await decodeBytes(chunksOf(start, file), decoder);
    return decoder.finish();
  } finally {
    await file.close();
  }
}

async function readStart(file: FileHandle): Promise<Uint8Array> {
  const start = Buffer.alloc(64 * 1024);
  // A pipe may give less than it will.
  let length = 0;
  while (length < start.length) {
    const { bytesRead } = await file.read(start, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return start.subarray(0, length);
}

async function* chunksOf(start: Uint8Array, file: FileHandle): AsyncGenerator<Uint8Array> {
  yield start;
  const chunk = Buffer.alloc(1024 * 1024);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0);
    if (bytesRead === 0) return;
    // What is passed on outlives the next read.
    yield Buffer.from(chunk.subarray(0, bytesRead));
  }
}

/** A PNG, or what begins as an SVG or a JSON array does; the rest is lines, read as they come. */
function hasTextInside(start: Uint8Array): boolean {
  return /^(?:\x89PNG|(?:\xef\xbb\xbf)?\s*[<[])/.test(Buffer.from(start.subarray(0, 64)).toString('latin1'));
}

async function readWhole(start: Uint8Array, file: FileHandle): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(start, file)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largestWhole) throw damaged(`it is larger than ${largestWhole / 1024 / 1024} MiB`);
  }
  return Buffer.concat(chunks);
}

function textInside(bytes: Uint8Array): string {
  return extractCapsuleText(bytes) ?? extractFromJson(bytes);
}

/** RFC 1952, 2.3.1. */
function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Of a stream that breaks off, everything that was flushed before. */
async function decodeGzip(start: Uint8Array, file: FileHandle, decoder: CapsuleDecoder): Promise<void> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  pipeline(chunksOf(start, file), gunzip, () => {});
  try {
    await decodeBytes(gunzip, decoder);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw code.startsWith('Z_') ? damaged('its compression is broken') : error;
  }
}

async function decodeBytes(chunks: AsyncIterable<Uint8Array>, decoder: CapsuleDecoder): Promise<void> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > mostText) throw damaged(`it unpacks to more than ${mostText / 1024 ** 3} GiB`);
    decoder.push(textOf(utf8, chunk));
  }
}

function textOf(utf8: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string {
  try {
    return utf8.decode(chunk, { stream: true });
  } catch {
    throw new CapsuleProblem('not-a-capsule', 'is not a capsule: it is no text');
  }
}
