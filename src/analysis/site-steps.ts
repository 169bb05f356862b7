import type { CallSite } from '../model/call-sites.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { sampledCallSites } from './call-sites.ts';
import { isUnavailable } from './known.ts';

type Sampled = Pick<Snapshot, 'callSites'>;

/**
 * A window is judged anew with every snapshot, and of most steps nothing has changed. By both ends, of which neither is held:
 * one that held the end before would keep that, which keeps its own, and so all there ever were.
 */
const known = new WeakMap<Sampled['callSites'], WeakMap<Sampled['callSites'], SiteStep>>();

type SiteStep = readonly CallSite[];

/** What was sampled between consecutive snapshots, a list for each two of them; none where nothing was. */
export function siteSteps(snapshots: readonly Sampled[]): readonly SiteStep[] {
  return snapshots.slice(1).flatMap((after, index) => {
    const step = stepBetween(snapshots[index] ?? after, after);
    return step.length === 0 ? [] : [step];
  });
}

function stepBetween(first: Sampled, last: Sampled): SiteStep {
  const from = known.get(first.callSites) ?? new WeakMap<Sampled['callSites'], SiteStep>();
  const before = from.get(last.callSites);
  if (before !== undefined) return before;
  const sampled = sampledCallSites({ first, last });
  const step = isUnavailable(sampled) ? [] : sampled.sites;
  from.set(last.callSites, step);
  known.set(first.callSites, from);
  return step;
}
