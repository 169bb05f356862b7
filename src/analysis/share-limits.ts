import type { CallSite, ShareLimits } from '../model/call-sites.ts';
import { callSiteKey } from './call-site-key.ts';
import { limitsOfAll, limitsOfShare } from './limits-of-share.ts';
import { samplesByThread } from './samples-by-thread.ts';
import type { SiteWeights } from './site-weights.ts';
import { ratioVariance, studentDeviate, sum, z95 } from './statistics.ts';

/** Sites of one kind of read on one side, and how they were sampled. */
export interface SampledShares {
  readonly sites: readonly CallSite[];
  readonly weights: SiteWeights;
  /** What was sampled of them in each step of the window. */
  readonly steps: readonly (readonly CallSite[])[];
  /** Only the beginnings of bursts were caught: of the rest it is not known who calls. */
  readonly isOpen: boolean;
}

/** The share that steps are held against, and its spread, are told by them. */
const estimated = 2;
const anyShare: ShareLimits = { low: 0, high: 1 };

/**
 * 95 % limits of the part that some of the sites have. How far the steps of a window differ says how much their samples are
 * worth; of one step nothing does. Of a tree what nobody was sampled of may be theirs too.
 */
export function limitsOfShares({ sites, weights, steps, isOpen }: SampledShares) {
  const inThread = samplesByThread(sites);
  const sampled = sum([...inThread.keys()].map(weights.of));
  /** Of one sample of a thread, in parts of all sampled ones. */
  const weightOf = new Map([...inThread].map(([tid, samples]) => [tid, weights.of(tid) / sampled / samples]));
  const weigh = ({ tid, samples }: CallSite) => samples * (weightOf.get(tid) ?? 0);
  const known = new Set(sites.map(callSiteKey));
  const looked = steps.map((step) => weighStep(step.filter((site) => known.has(callSiteKey(site)))));
  const told = looked.filter(({ byKey }) => byKey.size > 0);
  const watched = weights.total > 0 ? Math.min(1, sampled / weights.total) : 0;
  const all = sum([...inThread.values()]);

  return (own: readonly CallSite[]): ShareLimits => {
    if (isOpen || told.length < 2 || !(sampled > 0)) return anyShare;
    const share = Math.min(1, sum(own.map(weigh)));
    const mine = [...new Set(own.map(callSiteKey))];
    const parts = told.map(({ byKey, all }) => ({ all, own: sum(mine.map((key) => byKey.get(key) ?? 0)) }));
    const variance = (ratioVariance(parts, share) * told.length) / (told.length - 1);
    const widened = variance * (studentDeviate(told.length - estimated) / z95) ** 2 + spreadOfWeights(own, share);
    return limitsOfAll(limitsOfShare(share, widened, all), watched);
  };

  function weighStep(step: readonly CallSite[]) {
    const byKey = new Map<string, number>();
    // A place may be there twice, before its name was known and after.
    for (const site of step) byKey.set(callSiteKey(site), (byKey.get(callSiteKey(site)) ?? 0) + weigh(site));
    return { byKey, all: sum([...byKey.values()]) };
  }

  /** How often threads read may be known but roughly, and those of other callers than the rest change the share by that. */
  function spreadOfWeights(own: readonly CallSite[], share: number): number {
    const mine = samplesByThread(own);
    return sum(
      [...inThread].map(([tid, samples]) => {
        const part = (mine.get(tid) ?? 0) / samples;
        return (weights.of(tid) / sampled) ** 2 * weights.spreadOf(tid) * (part - share) ** 2;
      }),
    );
  }
}
