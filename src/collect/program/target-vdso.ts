import { closeSync, openSync, readSync } from 'node:fs';
import type { Mapping } from '../../model/mappings.ts';
import type { Reading } from '../../model/reading.ts';
import type { TargetVdso } from '../../model/vdso.ts';
import { parseVdsoImage } from '../host/own-vdso.ts';
import { processFailure } from '../process/process-failure.ts';
import { memoryFailure } from '../process/process-memory.ts';
import { readMappings } from '../process/read-mappings.ts';
import { available, unavailable } from '../reading.ts';

/** A vDSO has two to four pages; one that claims more is not read. */
const maxImageBytes = 256 * 1024;
const maxDifferences = 8;

/** The target's own image, which a debugger's breakpoint, rr or CRIU changes. Never stops the target. */
export function readTargetVdso(directory: string, mappings: Reading<readonly Mapping[]>): Reading<TargetVdso> {
  if ('unavailable' in mappings) return mappings;
  const mapping = mappings.value.find(({ name }) => name === '[vdso]');
  if (mapping === undefined) return unavailable('absent', `${mappings.source} has no [vdso]`);
  if (mapping.sizeBytes > maxImageBytes)
    return unavailable('unsupported', `[vdso] of ${mappings.source} has ${mapping.sizeBytes} bytes: not read`);
  const path = `${directory}/mem`;
  try {
    const bytes = readMapping(path, mapping);
    const image = parseVdsoImage(bytes, mapping.start, `${path} at ${mapping.start}`);
    if ('unavailable' in image) return image;
    const own = readOwn();
    if ('unavailable' in own) return own;
    const differsAt = differences(bytes, own.value);
    return available(
      { image: image.value, sameAsOurs: differsAt.length === 0, differsAt },
      `${image.source}, compared with ${own.source}`,
    );
  } catch (error) {
    return memoryFailure(directory, error);
  }
}

function readOwn(): Reading<Buffer> {
  const mappings = readMappings('/proc/self');
  if ('unavailable' in mappings) return mappings;
  const mapping = mappings.value.find(({ name }) => name === '[vdso]');
  if (mapping === undefined) return unavailable('absent', 'our own process has no [vdso] to compare with');
  const path = '/proc/self/mem';
  try {
    return available(readMapping(path, mapping), path);
  } catch (error) {
    return processFailure(path, error);
  }
}

function readMapping(path: string, { start, sizeBytes }: Mapping): Buffer {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(sizeBytes);
    // A signed 64-bit offset holds every user address; the vDSO lies below 2^47 (2^56 with five page-table levels).
    return bytes.subarray(0, readSync(fd, bytes, 0, sizeBytes, BigInt(`0x${start}`)));
  } finally {
    closeSync(fd);
  }
}

/** Offsets of the first bytes that differ; what one image has beyond the other differs from its first byte on. */
function differences(left: Buffer, right: Buffer): readonly number[] {
  const found: number[] = [];
  const common = Math.min(left.length, right.length);
  for (let at = 0; at < common && found.length < maxDifferences; at += 1) if (left[at] !== right[at]) found.push(at);
  if (found.length < maxDifferences && left.length !== right.length) found.push(common);
  return found;
}
