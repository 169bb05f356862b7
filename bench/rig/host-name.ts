import { readFileSync } from 'node:fs';
import { release } from 'node:os';

/** '6.18.44-tsc': of what a host's results are called. */
export function hostName(): string {
  const clocksource = readFileSync('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'latin1').trim();
  return `${release()}-${clocksource}`;
}
