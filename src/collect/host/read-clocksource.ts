import type { Reading } from '../../model/reading.ts';
import { mapReading } from '../reading.ts';
import { readHostFile } from './read-host-file.ts';

const directory = '/sys/devices/system/clocksource/clocksource0';

/** The clocksource in use; cheap enough to ask every second. */
export function readClocksource(): Reading<string> {
  return readHostFile(`${directory}/current_clocksource`);
}

/** Those that can be chosen. One that was marked unstable, or never registered, is not among them (FACTS.md §4). */
export function readAvailableClocksources(): Reading<readonly string[]> {
  const file = readHostFile(`${directory}/available_clocksource`);
  return mapReading(file, (line) => line.split(' ').filter((name) => name !== ''));
}
