import type { Reading } from '../../model/reading.ts';
import { readText } from '../read-file.ts';
import { available } from '../reading.ts';
import { processFailure } from './process-failure.ts';

/** The lines of a status file by name, untrimmed only inside: 'Uid' → '0\t0\t0\t0'. `directory` is /proc/PID or such. */
export function readProcessStatus(directory: string): Reading<ReadonlyMap<string, string>> {
  const path = `${directory}/status`;
  try {
    return available(parseStatus(readText(path)), path);
  } catch (error) {
    return processFailure(path, error);
  }
}

/** Documentation/filesystems/proc.rst, table 1-2. A name's line breaks are escaped there, so each line is one field. */
function parseStatus(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

/** The numbers of a field like 'NSpid:	4123	7'; none where the field is missing. */
export function statusNumbers(status: ReadonlyMap<string, string>, field: string): readonly number[] {
  const value = status.get(field);
  return value === undefined || value === '' ? [] : value.split(/\s+/).map(Number);
}
