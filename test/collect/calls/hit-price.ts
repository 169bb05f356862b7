import type { BreakpointPrice } from '../../../src/collect/calls/breakpoint-price.ts';

/** Hits of a price that was not measured, nanoseconds. */
export function hitPrice(caughtNs: number, countedNs: number): BreakpointPrice {
  const source = 'a test';
  return { caughtNs: { value: caughtNs, source }, countedNs: { value: countedNs, source } };
}
