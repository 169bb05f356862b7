import { accessSync, constants, statSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { readMaps } from './read-maps.ts';
import type { MapsLine } from './scan-maps.ts';

/** A file whose code a process maps. */
export interface MappedFile {
  /** As maps has it, not cleaned, without the kernel's ' (deleted)'. */
  readonly name: string;
  readonly deleted: boolean;
  /** Lowest address of the file: what the loader added to its addresses, but for a file linked for another place. */
  readonly start: number;
  /** Where its code lies, one or more ranges. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** A path by which we can open the very file, also in another mount namespace. */
  readonly openPath: string;
  /** '/proc/PID/maps: PATH', for a person. */
  readonly source: string;
}

/** A browser maps some three hundred. */
const maxFiles = 2_048;
/** Data files count too until one shows code. */
const maxNames = 16_384;
const deletedMark = ' (deleted)';

/** The files with code of a process, in the order of their addresses. Takes the target's mmap lock, as maps does. */
export function readMappedFiles(directory: string): Reading<readonly MappedFile[]> {
  const files = new Map<string, MapsLine[]>();
  const starts = new Map<string, number>();
  return readMaps(
    directory,
    (line) => {
      if (!line.name.startsWith('/')) return;
      if (!starts.has(line.name) && starts.size < maxNames) starts.set(line.name, Number.parseInt(line.start, 16));
      if (!line.permissions.includes('x')) return;
      const known = files.get(line.name);
      if (known !== undefined) known.push(line);
      else if (files.size < maxFiles) files.set(line.name, [line]);
    },
    () => [...files].map(([name, ranges]) => toFile(directory, name, starts.get(name) ?? 0, ranges)),
  );
}

function toFile(directory: string, raw: string, start: number, lines: readonly MapsLine[]): MappedFile {
  const deleted = raw.endsWith(deletedMark);
  // seq_path writes a newline as \012 (fs/proc/task_mmu.c).
  const name = (deleted ? raw.slice(0, -deletedMark.length) : raw).replaceAll('\\012', '\n');
  const ranges = lines.map(({ start, end }) => ({ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }));
  const [first] = lines;
  const openPath = first === undefined ? '' : openPathOf(directory, name, first);
  return { name, deleted, start, ranges, openPath, source: `${directory}/maps: ${cleanText(raw, 512)}` };
}

/**
 * map_files names the mapped inode itself; opening through it needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE (proc(5)). The
 * path in the target's own root serves where it still is that inode: an upgrade puts another file there.
 */
function openPathOf(directory: string, name: string, line: MapsLine): string {
  const inode = `${directory}/map_files/${trim(line.start)}-${trim(line.end)}`;
  const path = `${directory}/root${Buffer.from(name, 'latin1').toString('utf8')}`;
  return !canRead(inode) && inodeOf(path) === line.inode ? path : inode;
}

function inodeOf(path: string): string | undefined {
  try {
    return String(statSync(path, { bigint: true }).ino);
  } catch {
    return undefined;
  }
}

/** map_files has no leading zeros, maps has at least eight digits. */
function trim(address: string): string {
  return address.replace(/^0+(?=.)/, '');
}

function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
