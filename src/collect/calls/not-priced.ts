import { unavailable } from '../reading.ts';
import type { BreakpointPrice } from './breakpoint-price.ts';

const noBreakpoint = unavailable('absent', 'no breakpoint is set on vDSO functions');

/** Where no breakpoint may be set, none is priced either. */
export const notPriced: BreakpointPrice = { caughtNs: noBreakpoint, countedNs: noBreakpoint };
