import type { EntryFunction } from '../../model/clock-calls.ts';

/** In the order of VT_FN_* in native/entries.h: C names a function by its index here. */
export const entryFunctions: readonly EntryFunction[] = [
  'clock_gettime',
  'clock_getres',
  'gettimeofday',
  'time',
  'getcpu',
  'vsyscall_gettimeofday',
  'vsyscall_time',
  'vsyscall_getcpu',
];

/** VT_SLOT_COUNT: clock slots that C tells apart. */
export const slotCount = 36;

/** The slot (ClockSlot) for clocks that a counter does not tell apart. */
export const slotNotToldApart = 36;
