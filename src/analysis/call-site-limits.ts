import type { Missing } from '../model/findings.ts';
import type { Basis } from './basis.ts';
import { isUnavailable, known } from './known.ts';
import { missingOf } from './missing-of.ts';
import { onceEach } from './once-each.ts';

/** What call sites could be sampled without, at the price of a name or a caller, or with an assumption. */
export function listCallSiteLimits({ window: { last } }: Basis): readonly Missing[] {
  const callSites = known(last.callSites);
  const obstacles = isUnavailable(callSites) ? [] : (callSites.obstacles ?? []);
  return onceEach(obstacles.flatMap((obstacle) => missingOf('names and callers of call sites', obstacle)));
}
