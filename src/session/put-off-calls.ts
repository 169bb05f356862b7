import { noWindowYet } from '../collect/calls/no-window-yet.ts';
import type { Counters } from './counters.ts';
import type { SeenCalls } from './take-calls.ts';
import { withoutEarlySites } from './without-early-sites.ts';

/**
 * What was seen calling, for the snapshot that a stretch begins with: what breakpoints saw before it is of the stretch after
 * it, as a verdict cannot wait for as much again.
 */
export function putOffCalls(counters: Counters): SeenCalls {
  const fastReads = counters.fastReads();
  return {
    fastReads: 'value' in fastReads ? noWindowYet : fastReads,
    fastWindows: [],
    fastCounts: [],
    callSites: withoutEarlySites(counters.callSites(false)),
  };
}
