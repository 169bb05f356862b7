import type { Reading } from '../../model/reading.ts';
import { processFailure } from '../process/process-failure.ts';
import { type MapsLine, scanMaps } from '../process/read-mappings.ts';
import { available, unavailable } from '../reading.ts';
import type { CodeMapping } from './code-mapping.ts';

/** A JVM has some hundred of them. One process may have 65,530 mappings of any kind (sysctl vm.max_map_count). */
const maxMappings = 65_536;

/** By address. Takes the target's mmap lock: for attach, exec, and an address that no known mapping holds. */
export function readCodeMappings(directory: string): Reading<readonly CodeMapping[]> {
  const path = `${directory}/maps`;
  try {
    const mappings: CodeMapping[] = [];
    let lines = 0;
    scanMaps(path, (line) => {
      lines += 1;
      if (line.permissions[2] !== 'x' || mappings.length === maxMappings) return;
      const mapping = toMapping(line);
      // [vsyscall] lies where a double has no whole numbers; it is told by its address.
      if (Number.isSafeInteger(mapping.end)) mappings.push(mapping);
    });
    return lines === 0 ? unavailable('absent', `${path} is empty: no user space there`) : available(mappings, path);
  } catch (error) {
    return processFailure(path, error);
  }
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
