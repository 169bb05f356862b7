/** V8 and the JVM write some ten thousand; the last ones count. */
const maxEntries = 64 * 1024;

/** What a line of a perf map says of a function, without its name. */
export interface JitEntry {
  readonly start: number;
  readonly sizeBytes: number;
  /** Where in the file its line begins. */
  readonly lineOffset: number;
}

export type JitEntries = ReturnType<typeof createJitEntries>;

/** Entries in the order of their lines, three numbers each; when there are too many the older half goes. */
export function createJitEntries() {
  let numbers = new Float64Array(3 * 1_024);
  let used = 0;
  return {
    clear() {
      used = 0;
    },
    add({ start, sizeBytes, lineOffset }: JitEntry) {
      if (used === numbers.length && used < 3 * maxEntries) {
        const larger = new Float64Array(2 * used);
        larger.set(numbers);
        numbers = larger;
      } else if (used === numbers.length) {
        numbers.copyWithin(0, used / 2);
        used /= 2;
      }
      numbers.set([start, sizeBytes, lineOffset], used);
      used += 3;
    },
    last(address: number): JitEntry | undefined {
      for (let at = used - 3; at >= 0; at -= 3) {
        const [start = 0, sizeBytes = 0, lineOffset = 0] = [numbers[at], numbers[at + 1], numbers[at + 2]];
        if (address >= start && address - start < sizeBytes) return { start, sizeBytes, lineOffset };
      }
      return undefined;
    },
  };
}
