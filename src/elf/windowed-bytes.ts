import type { ReadBytes } from './read-bytes.ts';

/** Pages do not straddle what is mapped and what is not, so a page is read whole or not at all. */
const windowBytes = 4_096;
const maxWindows = 256;

/** The same bytes, read by whole pages and kept (1 MiB at most): for parsers that ask for a word at a time. */
export function windowedBytes(read: ReadBytes): ReadBytes {
  const windows = new Map<number, Uint8Array>();

  function windowAt(start: number): Uint8Array {
    const known = windows.get(start);
    if (known !== undefined) return known;
    const bytes = read(start, windowBytes).slice();
    const oldest = windows.keys().next();
    if (windows.size >= maxWindows && !oldest.done) windows.delete(oldest.value);
    windows.set(start, bytes);
    return bytes;
  }

  return (at, length) => {
    if (!Number.isSafeInteger(at) || at < 0 || length <= 0) return new Uint8Array();
    if (length > windowBytes) return read(at, length);
    const start = at - (at % windowBytes);
    const first = windowAt(start).subarray(at - start, at - start + length);
    if (first.length === length || first.length < windowBytes - (at - start)) return first;
    const second = windowAt(start + windowBytes).subarray(0, length - first.length);
    const whole = new Uint8Array(first.length + second.length);
    whole.set(first);
    whole.set(second, first.length);
    return whole;
  };
}
