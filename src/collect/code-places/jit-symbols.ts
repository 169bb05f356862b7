import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { processDirectory } from '../process/process-directory.ts';
import { readProcessStatus, statusNumbers } from '../process/process-status.ts';

/** A function that a JIT compiler wrote, as it says itself. */
export interface JitSymbol {
  /** Hostile text. */
  readonly name: string;
  readonly start: number;
}

export interface JitSymbols {
  /** The function last written over an address; reads what has been added to the file since. */
  find(address: number): JitSymbol | undefined;
}

const chunkBytes = 256 * 1024;
/** V8 and the JVM write some ten thousand; the last ones count. */
const maxEntries = 64 * 1024;
const maxFileBytes = 64 * 1024 * 1024;
const maxLineBytes = 1_024;
const maxNameBytes = 256;

/**
 * Names from a perf map (tools/perf/Documentation/jit-interface.txt of the kernel: lines of START SIZE name, numbers hexadecimal), which
 * JVMs (with perf-map-agent), Node (--perf-basic-prof) and others write to /tmp. Only a regular file of the target's own user or of
 * root is believed, as perf does. Positions in it are remembered,
 * not names. The pid in the file's name is that of the target's own namespace.
 */
export function createJitSymbols(pid: number): JitSymbols {
  const directory = processDirectory(pid);
  const path = `${directory}/root/tmp/perf-${namespacePid(directory, pid)}.map`;
  const owner = ownerOf(directory);
  const entries = createEntries();
  let readUpTo = 0;

  const readMore = (fd: number, size: number): void => {
    if (size < readUpTo) {
      entries.clear();
      readUpTo = 0;
    }
    if (readUpTo === 0 && size > maxFileBytes) readUpTo = size - maxFileBytes;
    const buffer = Buffer.allocUnsafeSlow(chunkBytes);
    while (readUpTo < size) {
      const count = readSync(fd, buffer, 0, Math.min(chunkBytes, size - readUpTo), readUpTo);
      const whole = buffer.subarray(0, count).lastIndexOf(0x0a) + 1;
      if (whole === 0 && count < chunkBytes) return;
      parseLines(buffer.subarray(0, whole), readUpTo, entries);
      readUpTo += whole === 0 ? count : whole;
    }
  };
  return {
    find: (address) =>
      withFile(path, owner, (fd, size) => {
        readMore(fd, size);
        const entry = entries.last(address);
        return entry && { name: nameAt(fd, entry.nameOffset), start: entry.start };
      }),
  };
}

/** The pid as the target itself knows it, which is the one in the file's name. */
function namespacePid(directory: string, pid: number): number {
  const status = readProcessStatus(directory);
  return ('value' in status ? statusNumbers(status.value, 'NSpid').at(-1) : undefined) ?? pid;
}

function ownerOf(directory: string): number {
  try {
    return statSync(directory).uid;
  } catch {
    return 0;
  }
}

function withFile<T>(path: string, owner: number, use: (fd: number, size: number) => T): T | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = fstatSync(fd);
    if (!status.isFile() || (status.uid !== owner && status.uid !== 0)) return undefined;
    return use(fd, status.size);
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

type Entries = ReturnType<typeof createEntries>;

/** Start, size and where the name is in the file, three numbers each; when there are too many the older half goes. */
function createEntries() {
  let numbers = new Float64Array(3 * 1_024);
  let used = 0;
  return {
    clear() {
      used = 0;
    },
    add(start: number, sizeBytes: number, nameOffset: number) {
      if (used === numbers.length && used < 3 * maxEntries) {
        const larger = new Float64Array(2 * used);
        larger.set(numbers);
        numbers = larger;
      } else if (used === numbers.length) {
        numbers.copyWithin(0, used / 2);
        used /= 2;
      }
      numbers.set([start, sizeBytes, nameOffset], used);
      used += 3;
    },
    last(address: number) {
      for (let at = used - 3; at >= 0; at -= 3) {
        const [start = 0, sizeBytes = 0, nameOffset = 0] = [numbers[at], numbers[at + 1], numbers[at + 2]];
        if (address >= start && address - start < sizeBytes) return { start, nameOffset };
      }
      return undefined;
    },
  };
}

const line = /^(?:0x)?([0-9a-f]{1,16}) (?:0x)?([0-9a-f]{1,12}) ./i;

function parseLines(bytes: Buffer, fileOffset: number, entries: Entries): void {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return;
    const [matched, start, size] = line.exec(bytes.toString('latin1', at, Math.min(end, at + maxLineBytes))) ?? [];
    if (matched !== undefined && start !== undefined && size !== undefined) {
      const nameOffset = fileOffset + at + matched.length - 1;
      entries.add(Number.parseInt(start, 16), Number.parseInt(size, 16), nameOffset);
    }
    at = end + 1;
  }
}

function nameAt(fd: number, offset: number): string {
  const buffer = Buffer.alloc(maxNameBytes);
  const text = buffer.toString('utf8', 0, readSync(fd, buffer, 0, maxNameBytes, offset));
  return text.split('\n')[0] ?? '';
}
