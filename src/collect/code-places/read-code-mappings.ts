import type { Reading } from '../../model/reading.ts';
import { readMaps } from '../process/read-maps.ts';
import type { MapsLine } from '../process/scan-maps.ts';
import type { CodeMapping } from './code-mapping.ts';

/** A JVM has some hundred of them. One process may have 65,530 mappings of any kind (sysctl vm.max_map_count). */
const maxMappings = 65_536;

/** By address. Takes the target's mmap lock: for attach, exec, and an address that no known mapping holds. */
export function readCodeMappings(directory: string): Reading<readonly CodeMapping[]> {
  const mappings: CodeMapping[] = [];
  return readMaps(
    directory,
    (line) => {
      if (line.permissions[2] !== 'x' || mappings.length === maxMappings) return;
      const mapping = toMapping(line);
      // [vsyscall] lies where a double has no whole numbers; it is told by its address.
      if (Number.isSafeInteger(mapping.end)) mappings.push(mapping);
    },
    () => mappings,
  );
}

function toMapping({ start, end, offset, device, inode, name }: MapsLine): CodeMapping {
  return {
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
    range: `${trim(start)}-${trim(end)}`,
    offset: Number.parseInt(offset, 16),
    device,
    inode,
    // seq_path writes a newline as \\012 (fs/proc/task_mmu.c).
    name: name.replaceAll('\\012', '\n'),
  };
}

/** map_files has no leading zeros, maps has at least eight digits. */
function trim(address: string): string {
  return address.replace(/^0+(?=.)/, '');
}
