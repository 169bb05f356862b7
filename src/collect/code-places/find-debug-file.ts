import { statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { readBuildId } from '../../elf/build-id.ts';
import { type DebugLink, readDebugLink } from '../../elf/debug-link.ts';
import { readDebugSymbols } from '../../elf/debug-symbols.ts';
import type { ElfFile } from '../../elf/elf-file.ts';
import type { SymbolTable } from '../../elf/symbol-table.ts';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { available, unavailable } from '../reading.ts';
import { debugFilePaths } from './debug-file-paths.ts';
import { createFileSource, type FileSource } from './file-source.ts';
import { openInRoot } from './open-in-root.ts';

export interface DebugFile {
  readonly symbols: SymbolTable;
  close(): void;
}

const mostPath = 256;
/** What is told only by its checksum has to be read whole: 32 MiB take 15 to 150 ms. */
const maxSummedBytes = 32 * 1024 * 1024;
const summedAtOnce = 256 * 1024;

/**
 * The symbols that were stripped from the file a process maps as `path`: in the process's own root, then in ours. `absent`
 * where there are none, with what was found instead; its remedy says what would have to be installed.
 */
export function findDebugFile(directory: string, path: string, file: ElfFile): Reading<DebugFile> {
  const [buildId, link] = [readBuildId(file), readDebugLink(file)];
  const refusals: string[] = [];
  for (const root of rootsOf(directory)) {
    for (const candidate of debugFilePaths(withoutMark(path), buildId, link)) {
      const fd = openInRoot(root, candidate);
      if (fd === undefined) continue;
      const shown = cleanText(Buffer.from(`${root === '/' ? '' : root}${candidate}`, 'latin1'), mostPath);
      const source = createFileSource(fd);
      const found = readDebugSymbols(source, file, () => objection(source, link));
      if ('symbols' in found) return available({ symbols: found.symbols, close: () => source.close() }, shown);
      source.close();
      refusals.push(`${shown} ${found.refused}`);
    }
  }
  return nameless(path, refusals[0], buildId, link);
}

/** The kernel's own word behind the path of a file that is gone (seq_path of fs/seq_file.c). */
function withoutMark(path: string): string {
  return path.replace(/ \(deleted\)$/, '');
}

/** A root that nobody may enter has nothing for us. */
function rootsOf(directory: string): readonly string[] {
  try {
    const [theirs, ours] = [statSync(`${directory}/root/`), statSync('/')];
    return theirs.dev === ours.dev && theirs.ino === ours.ino ? ['/'] : [`${directory}/root`, '/'];
  } catch {
    return ['/'];
  }
}

/** Of two files of which one has no build id the checksum decides. */
function objection(source: FileSource, link: DebugLink | undefined): string | undefined {
  if (link === undefined) return 'has no build id';
  if (source.size > maxSummedBytes) return 'has no build id, and is too large to be told by its CRC-32';
  let sum = 0;
  for (let at = 0; at < source.size; at += summedAtOnce) sum = crc32(source.read(at, summedAtOnce), sum);
  return sum === link.crc32 ? undefined : 'is of another build, by its CRC-32';
}

function nameless(path: string, refusal: string | undefined, buildId: string | undefined, link: DebugLink | undefined) {
  const name = cleanText(Buffer.from(path, 'latin1'), mostPath);
  const detail = `${name} is stripped of the names of its local functions, and ${refusal ?? 'no debug symbols of it are installed'}`;
  if (buildId === undefined && link === undefined) return unavailable('absent', detail, `build ${name} without strip`);
  const told = buildId === undefined ? '' : ` of build id ${buildId}`;
  return unavailable('absent', detail, `install its debug symbols (package -dbgsym, -dbg or -debuginfo)${told}`);
}
