/** The one with which the first half of them is over; undefined of none. */
export function halfOf<T>(calls: readonly T[]): T | undefined {
  return calls[Math.floor((calls.length - 1) / 2)];
}
