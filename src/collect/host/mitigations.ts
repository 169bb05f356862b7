import { readdirSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import { available, errorText, unavailable } from '../reading.ts';
import { readHostFile } from './read-host-file.ts';

const directory = '/sys/devices/system/cpu/vulnerabilities';

/** One line for each CPU vulnerability the kernel knows of; a file that could not be read is not in the record. */
export function readMitigations(): Reading<Readonly<Record<string, string>>> {
  try {
    const lines = readdirSync(directory).flatMap((name) => {
      const line = readHostFile(`${directory}/${name}`);
      return 'value' in line ? [[name, line.value] as const] : [];
    });
    return available(Object.fromEntries(lines), directory);
  } catch (error) {
    const code = errorText(error);
    if (code === 'ENOENT') return unavailable('absent', `${directory} does not exist: the kernel is older than 4.15`);
    return unavailable('failed', `listing ${directory}: ${code}`);
  }
}
