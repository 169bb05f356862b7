import { constants } from 'node:os';

/** 'EINVAL' for -22: the name of a negative errno that C returned, for a detail line. */
export function errnoName(result: number): string {
  const found = Object.entries(constants.errno).find(([, value]) => value === -result);
  return found?.[0] ?? `errno ${-result}`;
}
