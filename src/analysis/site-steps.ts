import type { CallSite } from '../model/call-sites.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { sampledCallSites } from './call-sites.ts';
import { isUnavailable } from './known.ts';

type Sampled = Pick<Snapshot, 'callSites'>;

/** A window is judged anew with every snapshot, and of most steps nothing has changed. */
const known = new WeakMap<Sampled['callSites'], { readonly before: Sampled['callSites']; readonly step: SiteStep }>();

type SiteStep = readonly CallSite[];

/** What was sampled between consecutive snapshots, a list for each two of them; none where nothing was. */
export function siteSteps(snapshots: readonly Sampled[]): readonly SiteStep[] {
  return snapshots.slice(1).flatMap((after, index) => {
    const step = stepBetween(snapshots[index] ?? after, after);
    return step.length === 0 ? [] : [step];
  });
}

function stepBetween(first: Sampled, last: Sampled): SiteStep {
  const cached = known.get(last.callSites);
  if (cached?.before === first.callSites) return cached.step;
  const sampled = sampledCallSites({ first, last });
  const step = isUnavailable(sampled) ? [] : sampled.sites;
  known.set(last.callSites, { before: first.callSites, step });
  return step;
}
