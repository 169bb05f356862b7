import type { CallSite } from '../model/call-sites.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { sampledCallSites } from './call-sites.ts';
import { isUnavailable } from './known.ts';
import { rememberingSteps } from './remembering-steps.ts';

type Sampled = Pick<Snapshot, 'callSites'>;

type SiteStep = readonly CallSite[];

/** A window is judged anew with every snapshot, and of most steps nothing has changed. */
const stepBetween = rememberingSteps((before: Sampled['callSites'], after: Sampled['callSites']): SiteStep => {
  const sampled = sampledCallSites({ first: { callSites: before }, last: { callSites: after } });
  return isUnavailable(sampled) ? [] : sampled.sites;
});

/** What was sampled between consecutive snapshots, a list for each two of them; none where nothing was. */
export function siteSteps(snapshots: readonly Sampled[]): readonly SiteStep[] {
  return snapshots.slice(1).flatMap((after, index) => {
    const step = stepBetween((snapshots[index] ?? after).callSites, after.callSites);
    return step.length === 0 ? [] : [step];
  });
}
