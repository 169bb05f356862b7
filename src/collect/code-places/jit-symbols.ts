import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import { openRegularFile } from '../open-regular-file.ts';
import { processDirectory } from '../process/process-directory.ts';
import { readProcessStatus, statusNumbers } from '../process/process-status.ts';
import { createJitEntries, type JitEntry } from './jit-entries.ts';
import { parseJitMapLine } from './jit-map-line.ts';
import { createJitMapReader } from './jit-map-reader.ts';

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

const maxNameBytes = 256;
/** Two numbers with 0x before them and a blank behind. */
const maxLineHeadBytes = 36;

/**
 * Names from a perf map (tools/perf/Documentation/jit-interface.txt of the kernel: lines of START SIZE name, numbers hexadecimal), which
 * JVMs (with perf-map-agent), Node (--perf-basic-prof) and others write to /tmp. Only a regular file of the target's own user or of
 * root is believed, as perf does. Positions in it are remembered, not names; perf-map-agent writes the whole file anew, and a
 * line that has moved is not taken for another. The pid in the file's name is that of the target's own namespace.
 */
export function createJitSymbols(pid: number): JitSymbols {
  const directory = processDirectory(pid);
  const path = `${directory}/root/tmp/perf-${namespacePid(directory, pid)}.map`;
  const owner = ownerOf(directory);
  const entries = createJitEntries();
  const reader = createJitMapReader(entries);

  const look = (fd: number, size: number, address: number): JitSymbol | 'written anew' | undefined => {
    reader.readMore(fd, size);
    const entry = entries.last(address);
    if (entry === undefined) return undefined;
    const name = nameIn(fd, entry);
    return name === undefined ? 'written anew' : { name, start: entry.start };
  };
  return {
    find: (address) =>
      withFile(path, owner, (fd, size) => {
        const first = look(fd, size, address);
        if (first !== 'written anew') return first;
        reader.beginAnew();
        const again = look(fd, size, address);
        return again === 'written anew' ? undefined : again;
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
    fd = openRegularFile(path, 'refuse');
    if (fd === undefined) return undefined;
    const { uid, size } = fstatSync(fd);
    return uid === owner || uid === 0 ? use(fd, size) : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** undefined where its line is no longer what it was: the file was written anew, and nothing known of it holds. */
function nameIn(fd: number, { start, sizeBytes, lineOffset }: JitEntry): string | undefined {
  const buffer = Buffer.alloc(maxLineHeadBytes + maxNameBytes);
  const bytes = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, lineOffset));
  const end = bytes.indexOf(0x0a);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  const now = parseJitMapLine(text);
  if (now === undefined || now.start !== start || now.sizeBytes !== sizeBytes) return undefined;
  return text.toString('utf8', now.nameAt, now.nameAt + maxNameBytes);
}
