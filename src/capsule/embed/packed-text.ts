import { promisify } from 'node:util';
import { deflate, inflateSync } from 'node:zlib';
import { damaged } from '../capsule-problem.ts';

const deflateAsync = promisify(deflate);

/** No capsule of ten minutes is near this; what unpacks to more is not unpacked any further. */
export const mostTextBytes = 64 << 20;

/**
 * A text as it is kept inside a picture: deflate (RFC 1950) in base64 (RFC 4648, §4). ASCII alone survives whatever a
 * tool that saves the picture anew does to encodings, quotes and line ends. Packed on a thread of its own.
 */
export async function packText(text: string): Promise<string> {
  const packed = await deflateAsync(Buffer.from(text, 'utf8'));
  return packed.toString('base64');
}

/** What `packText` was given. Throws a CapsuleProblem where it is not whole, and where it would become larger than `mostBytes`. */
export function unpackText(packed: string, mostBytes = mostTextBytes): string {
  const base64 = packed.replaceAll(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw damaged('the data inside is not base64');
  const bytes = inflate(Buffer.from(base64, 'base64'), mostBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged('the data inside is no UTF-8');
  }
}

/** zlib's inflate, bounded. */
export function inflate(bytes: Uint8Array, mostBytes = mostTextBytes): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw damaged(
      tooLarge ? `the data inside unpacks to more than ${mostBytes >> 20} MiB` : 'the data inside is cut off',
    );
  }
}
