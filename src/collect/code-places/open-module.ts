import { closeSync, readlinkSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { openRegularFile } from '../open-regular-file.ts';
import { processFailure } from '../process/process-failure.ts';
import { available, unavailable } from '../reading.ts';
import type { CodeMapping } from './code-mapping.ts';
import { createFileSource, type FileSource } from './file-source.ts';
import { readTargetMemory } from './target-memory.ts';

/** Characters of a path that are told. */
const mostPath = 512;
/** As many bytes of code as are compared where a file is told by its path. */
const comparedBytes = 256;

/**
 * The very file a mapping shows: by its own link in map_files, which needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE; the running
 * program's by /proc/PID/exe; else by its path in the target's own root, if that still names the file that is mapped.
 */
export function openModule(directory: string, mapping: CodeMapping): Reading<FileSource> {
  const link = open(`${directory}/map_files/${mapping.range}`);
  if ('value' in link) return link;
  if (executableName(directory) === mapping.name) {
    const program = open(`${directory}/exe`);
    if ('value' in program) return program;
  }
  const path = Buffer.from(`${directory}/root${mapping.name}`, 'latin1');
  const byPath = open(path);
  if (!('value' in byPath)) return openHere(mapping) ?? byPath;
  if (isMapped(directory, mapping, byPath.value)) return byPath;
  byPath.value.close();
  return unavailable('absent', `${cleanText(path, mostPath)} is no longer the file that is mapped`);
}

/** Without permission to enter the target's root: a file of that path here that is the mapped one by device and inode. */
function openHere(mapping: CodeMapping): Reading<FileSource> | undefined {
  const file = open(Buffer.from(mapping.name, 'latin1'));
  if (!('value' in file)) return undefined;
  const { inode, device } = file.value;
  if (String(inode) === mapping.inode && deviceText(device) === mapping.device) return file;
  file.value.close();
  return undefined;
}

/** As maps writes a device number: new_encode_dev of include/linux/kdev_t.h, major and minor in hexadecimal. */
function deviceText(device: bigint): string {
  const [major, minor] = [(device >> 8n) & 0xfffn, (device & 0xffn) | ((device >> 12n) & 0xfff00n)];
  return [major, minor].map((number) => number.toString(16).padStart(2, '0')).join(':');
}

/** As /proc/PID/maps writes it, ' (deleted)' included; '' where it cannot be read. */
export function executableName(directory: string): string {
  try {
    return readlinkSync(`${directory}/exe`, 'latin1');
  } catch {
    return '';
  }
}

function open(path: string | Buffer): Reading<FileSource> {
  const shown = cleanText(path, mostPath);
  try {
    const fd = openRegularFile(path, 'follow');
    if (fd === undefined) return unavailable('unsupported', `${shown} is no regular file`);
    try {
      return available(createFileSource(fd), shown);
    } catch (error) {
      closeSync(fd);
      return processFailure(shown, error);
    }
  } catch (error) {
    return processFailure(shown, error);
  }
}

/** By inode: the device differs on overlay file systems. Else by the code itself, where it may be read. */
function isMapped(directory: string, mapping: CodeMapping, source: FileSource): boolean {
  if (String(source.inode) === mapping.inode) return true;
  const length = Math.min(comparedBytes, mapping.end - mapping.start);
  const memory = readTargetMemory(directory, mapping.start, length);
  return 'value' in memory && Buffer.compare(memory.value, source.read(mapping.offset, length)) === 0;
}
