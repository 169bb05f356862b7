/** Addresses below 2^32 and numbers below 2^20 share the 53 bits of one float: eight bytes an entry. */
export const maxPackedAddress = 2 ** 32;
export const maxPackedNumber = 2 ** 20;

/** Numbers of things by their address, to be filled and then sorted once. */
export interface PackedIndex {
  add(address: number, number: number): void;
  /** To be called once, after the last add. */
  sort(): SortedIndex;
}

export interface SortedIndex {
  readonly length: number;
  addressAt(position: number): number;
  numberAt(position: number): number;
  /** Position of the last one at or below an address, -1 where there is none. */
  lastAtOrBelow(address: number): number;
}

/** What lies beyond the bounds, and more than `capacity`, is left out. */
export function createPackedIndex(capacity: number): PackedIndex {
  const keys = new Float64Array(Math.min(capacity, maxPackedNumber));
  let count = 0;
  return {
    add(address, number) {
      if (!(address >= 0 && address < maxPackedAddress && number < maxPackedNumber) || count === keys.length) return;
      keys[count] = address * maxPackedNumber + number;
      count += 1;
    },
    sort: () => sortedIndex(keys.slice(0, count).sort()),
  };
}

function sortedIndex(keys: Float64Array): SortedIndex {
  const keyAt = (position: number) => keys[position] ?? 0;
  return {
    length: keys.length,
    addressAt: (position) => Math.floor(keyAt(position) / maxPackedNumber),
    numberAt: (position) => keyAt(position) % maxPackedNumber,
    lastAtOrBelow(address) {
      const limit = (address + 1) * maxPackedNumber;
      let [low, high] = [0, keys.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (keyAt(middle) < limit) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    },
  };
}
