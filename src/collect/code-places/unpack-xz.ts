import { setImmediate } from 'node:timers/promises';

/**
 * The content of an xz file, at most `maxBytes` of it: more is an error, as is whatever is damaged or wants a dictionary of
 * more than 64 MiB. The decoder is WebAssembly and sees no memory but its own; between pieces of 64 KiB, which take some
 * 2 ms, others have their turn.
 */
export async function unpackXz(packed: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const { default: xz } = await import('xz-decompress');
  const reader = new xz.XzReadableStream(streamOf(packed)).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
    length += next.value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new Error(`more than ${maxBytes} bytes`);
    }
    await setImmediate();
  }
  return Buffer.concat(pieces, length);
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
