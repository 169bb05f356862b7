import type { ClockRead } from '../clock-read.ts';
import { orElse } from '../known.ts';

export function hasEntered({ entries }: ClockRead): boolean {
  return orElse(entries, 0) > 0;
}
