import type { EntryTotals } from '../model/entries.ts';

/**
 * Whether a clock's own count is known. Perf counters lay what 32-bit code reads to slot 36, whichever clock it was: with
 * anything there, a 0 of another clock is none.
 */
export function tellsClocksApart({ method, sees32Bit, counts }: Pick<EntryTotals, 'method' | 'sees32Bit' | 'counts'>) {
  if (method !== 'perf' || sees32Bit !== true) return true;
  return !counts.some(({ fn, slot, count }) => fn === 'clock_gettime' && slot === slotNotToldApart && count > 0);
}

export const slotNotToldApart = 36;
