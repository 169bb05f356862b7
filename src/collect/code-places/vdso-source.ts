import type { ByteSource } from '../../elf/byte-source.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { available, mapReading, unavailable } from '../reading.ts';
import type { CodeMapping } from './code-mapping.ts';
import { readCodeMappings } from './read-code-mappings.ts';
import { readTargetMemory } from './target-memory.ts';

export interface VdsoSource {
  readonly source: ByteSource;
  /** Why the target's own could not be read, where this is vdsotop's, of the same size. */
  readonly assumed: Unavailable | undefined;
}

/** Two pages on x86; none has more than a few. */
const maxImageBytes = 256 * 1024;

/** The image that a target has mapped. `bits` of the task: a 32-bit target's image is none of ours. */
export function readVdsoSource(directory: string, mapping: CodeMapping, bits: 32 | 64): Reading<VdsoSource> {
  const size = mapping.end - mapping.start;
  if (size > maxImageBytes) return unavailable('unsupported', `[vdso] of ${size} bytes`);
  const own = readTargetMemory(directory, mapping.start, size);
  if ('value' in own) return available({ source: bytesSource(own.value), assumed: undefined }, own.source);
  const ours = bits === 64 ? readOurs(size) : own;
  return 'value' in ours ? available({ source: bytesSource(ours.value), assumed: assumption(own) }, ours.source) : own;
}

function assumption(failure: Unavailable): Unavailable {
  return { ...failure, detail: `names inside [vdso] assume that it is the one vdsotop has: ${failure.detail}` };
}

function readOurs(size: number): Reading<Uint8Array> {
  const mappings = readCodeMappings('/proc/self');
  const ours = mapReading(mappings, (all) => all.find(({ name }) => name === '[vdso]'));
  if (!('value' in ours)) return ours;
  const mapping = ours.value;
  if (mapping === undefined || mapping.end - mapping.start !== size)
    return unavailable('absent', 'no [vdso] of that size here');
  return readTargetMemory('/proc/self', mapping.start, size);
}

function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) =>
      offset >= 0 && length > 0 ? bytes.subarray(offset, offset + length) : bytes.subarray(0, 0),
  };
}
