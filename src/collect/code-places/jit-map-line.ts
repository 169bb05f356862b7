const line = /^(?:0x)?([0-9a-f]{1,16}) (?:0x)?([0-9a-f]{1,12}) (?=.)/is;

/** A line of a perf map, START SIZE name in bytes without its end: the numbers, and where in it the name begins. undefined for none. */
export function parseJitMapLine(bytes: Buffer) {
  const [matched, start, size] = line.exec(bytes.toString('latin1')) ?? [];
  if (matched === undefined || start === undefined || size === undefined) return undefined;
  return { start: Number.parseInt(start, 16), sizeBytes: Number.parseInt(size, 16), nameAt: matched.length };
}
