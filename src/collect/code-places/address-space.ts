import { performance } from 'node:perf_hooks';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { processDirectory } from '../process/process-directory.ts';
import type { CodeMapping } from './code-mapping.ts';
import { readCodeMappings } from './read-code-mappings.ts';

export interface AddressSpace {
  /** The mapping that holds an address of code; maps is read again for an unknown one, but not too often. */
  find(address: number): CodeMapping | undefined;
  /** Counts the readings of maps: what was concluded from an older one may no longer hold. */
  readonly generation: number;
  readonly failure: Unavailable | undefined;
  /** After an exec: nothing that was known holds. */
  forget(): void;
}

/** 60,000 lines take 90 ms: reading them again and again shall not take more than half a percent of the time. */
const restPerReading = 200;

/** `minRereadMs` is the least time between two readings of maps, which take the target's mmap lock. */
export function createAddressSpace(pid: number, minRereadMs: number): AddressSpace {
  let mappings: readonly CodeMapping[] = [];
  let failure: Unavailable | undefined;
  let generation = 0;
  let readAgainAtMs = Number.NEGATIVE_INFINITY;

  const read = (): void => {
    const startedMs = performance.now();
    const reading: Reading<readonly CodeMapping[]> = readCodeMappings(processDirectory(pid));
    const endedMs = performance.now();
    readAgainAtMs = endedMs + Math.max(minRereadMs, restPerReading * (endedMs - startedMs));
    generation += 1;
    failure = 'value' in reading ? undefined : reading;
    mappings = 'value' in reading ? reading.value : [];
  };
  return {
    get generation() {
      return generation;
    },
    get failure() {
      return failure;
    },
    find(address) {
      const known = findMapping(mappings, address);
      if (known !== undefined || performance.now() < readAgainAtMs) return known;
      read();
      return findMapping(mappings, address);
    },
    forget() {
      mappings = [];
      generation += 1;
      readAgainAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** maps is in order of addresses. */
function findMapping(mappings: readonly CodeMapping[], address: number): CodeMapping | undefined {
  let [low, high] = [0, mappings.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((mappings[middle]?.end ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  const mapping = mappings[low];
  return mapping !== undefined && address >= mapping.start ? mapping : undefined;
}
