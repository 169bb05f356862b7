/** The clocks that filters tell apart: a filter more costs every call some 30 ns. */
export const clocksToldApart: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11];

/** 10, 12 to 15, and whatever has a higher bit. */
const isAnyOtherClock =
  '(which_clock & 0xfffffff0) || ((which_clock & 8) && ((which_clock & 4) || ((which_clock & 2) && !(which_clock & 1))))';

/**
 * A tracepoint filter for calls of one clock, or of all that are not told apart. The argument register may hold anything
 * above the 32 bits of a clock id, so a plain comparison misses calls; filters have no arithmetic but `&`, which is true
 * when a bit remains (Documentation/trace/events.rst, "Event filtering").
 */
export function clockFilter(slot: number): string {
  if (!clocksToldApart.includes(slot)) return isAnyOtherClock;
  const bits = [8, 4, 2, 1].filter((bit) => (slot & bit) !== 0).map((bit) => `(which_clock & ${bit})`);
  const others = (0xffff_ffff - slot).toString(16);
  return [`!(which_clock & 0x${others})`, ...bits].join(' && ');
}
