import { TestRunner } from 'vitest';
import { priceBreakpoint } from '../../../src/collect/calls/breakpoint-price.ts';
import { readOwnVdso } from '../../../src/collect/host/own-vdso.ts';

const price = priceBreakpoint(readOwnVdso()).caughtNs;

/** Why execution breakpoints say nothing of vDSO calls on this host; undefined where they are hit. */
export const whyNoBreakpoints = 'unavailable' in price ? price.detail : undefined;

/** Ends the running test as skipped, with its reason, where no breakpoint is ever hit. */
export function skipWithoutBreakpoints(): void {
  if (whyNoBreakpoints !== undefined) TestRunner.getCurrentTest()?.context.skip(whyNoBreakpoints);
}
