import { readdirSync } from 'node:fs';

/** Every process of our PID namespace that is not hidden from us, by pid. */
export function listPids(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
}
