import { closeSync, openSync, readSync } from 'node:fs';
import type { Mapping } from '../../model/mappings.ts';
import type { Reading } from '../../model/reading.ts';
import { type AuxiliaryVector, pageSizeType } from '../process/auxv.ts';
import { processFailure } from '../process/process-failure.ts';
import { readMappings } from '../process/read-mappings.ts';
import { available, mapReading, unavailable } from '../reading.ts';

/** A vDSO has two to four pages. */
const maxPages = 64;
const entryBytes = 8;
/** Bits of an entry of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst). */
const present = 1n << 63n;
const swapped = 1n << 62n;
const sharedOrOfFile = 1n << 61n;

/**
 * Whether a page of [vdso] is the target's own: the kernel maps one image into all processes, and copies a page of it for
 * whoever writes there. /proc/PID/pagemap asks for less than /proc/PID/mem does, and knows images of either word size.
 */
export function readVdsoWritten(
  directory: string,
  mappings: Reading<readonly Mapping[]>,
  auxv: Reading<AuxiliaryVector>,
): Reading<boolean> {
  if ('unavailable' in auxv) return auxv;
  const pageBytes = Number(auxv.value.entries.get(pageSizeType) ?? 0n);
  const written = hasOwnPages(directory, mappings, pageBytes);
  if ('unavailable' in written || !written.value) return written;
  const ours = hasOwnPages('/proc/self', readMappings('/proc/self'), pageBytes);
  return 'value' in ours && !ours.value
    ? written
    : unavailable('unsupported', `${written.source} does not tell here what was written to`);
}

function hasOwnPages(directory: string, mappings: Reading<readonly Mapping[]>, pageBytes: number): Reading<boolean> {
  return mapReading(readEntries(directory, mappings, pageBytes), (entries) => entries.some(isOwn));
}

/** A page that was never touched is neither here nor in swap. */
function isOwn(entry: bigint): boolean {
  return (entry & swapped) !== 0n || ((entry & present) !== 0n && (entry & sharedOrOfFile) === 0n);
}

function readEntries(
  directory: string,
  mappings: Reading<readonly Mapping[]>,
  pageBytes: number,
): Reading<readonly bigint[]> {
  if ('unavailable' in mappings) return mappings;
  const mapping = mappings.value.find(({ name }) => name === '[vdso]');
  if (mapping === undefined) return unavailable('absent', `${mappings.source} has no [vdso]`);
  const pages = mapping.sizeBytes / pageBytes;
  if (!Number.isInteger(pages) || pages > maxPages)
    return unavailable('unsupported', `[vdso] of ${mappings.source} has ${mapping.sizeBytes} bytes: not looked at`);
  const path = `${directory}/pagemap`;
  try {
    const entries = entriesAt(path, BigInt(`0x${mapping.start}`) / BigInt(pageBytes), pages);
    return entries.length === pages ? available(entries, path) : unavailable('failed', `${path} ends before [vdso]`);
  } catch (error) {
    return processFailure(path, error);
  }
}

function entriesAt(path: string, firstPage: bigint, pages: number): readonly bigint[] {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(pages * entryBytes);
    const length = readSync(fd, bytes, 0, bytes.length, firstPage * BigInt(entryBytes));
    return Array.from(new BigUint64Array(bytes.buffer, bytes.byteOffset, Math.floor(length / entryBytes)));
  } finally {
    closeSync(fd);
  }
}
