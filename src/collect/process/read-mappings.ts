import type { Mapping } from '../../model/mappings.ts';
import type { Reading } from '../../model/reading.ts';
import { readMaps } from './read-maps.ts';
import type { MapsLine } from './scan-maps.ts';

const clockNames: ReadonlySet<string> = new Set(['[vdso]', '[vvar]', '[vvar_vclock]', '[vsyscall]']);

/**
 * The mappings that concern clock reads. Takes the target's mmap lock while it reads, so it is for attach, exec and
 * demand, not for every tick. `directory` is /proc/PID, /proc/self or /proc/PID/task/TID.
 */
export function readMappings(directory: string): Reading<readonly Mapping[]> {
  const mappings: Mapping[] = [];
  return readMaps(
    directory,
    (line) => {
      if (isClockName(line.name)) mappings.push(toMapping(line, line.name));
    },
    () => mappings,
  );
}

function isClockName(name: string): name is Mapping['name'] {
  return clockNames.has(name);
}

function toMapping({ start, end, permissions }: MapsLine, name: Mapping['name']): Mapping {
  return { name, start, end, permissions, sizeBytes: Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)) };
}
