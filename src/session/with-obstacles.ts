import type { CallSites } from '../model/call-sites.ts';
import type { Unavailable } from '../model/reading.ts';

/** What the code of the callers could not be read for stands beside them, where there is any of it. */
export function withObstacles(sites: CallSites, obstacles: readonly Unavailable[]): CallSites {
  return obstacles.length === 0 ? sites : { ...sites, obstacles };
}
