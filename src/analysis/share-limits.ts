import type { CallSite, ShareLimits } from '../model/call-sites.ts';
import { callSiteKey } from './call-site-key.ts';
import type { SiteWeights } from './site-weights.ts';
import { shareInterval, studentDeviate, sum } from './statistics.ts';

/** Sites of one kind of read on one side, and how they were sampled. */
export interface SampledShares {
  readonly sites: readonly CallSite[];
  readonly weights: SiteWeights;
  /** What was sampled of them in each step of the window. */
  readonly steps: readonly (readonly CallSite[])[];
  /** Only the beginnings of bursts were caught: of the rest it is not known who calls. */
  readonly isOpen: boolean;
}

/** Samples of one moment are alike: so many of them are worth one that was drawn by itself, at least. */
const alike = 1.5;
/** The share that steps are held against, and its spread, are told by them. */
const told = 2;
/** Standard normal deviate of a two-sided 95 % interval, as shareInterval has it. */
const z95 = 1.96;
const anyShare: ShareLimits = { low: 0, high: 1 };

/**
 * 95 % limits of the part that some of the sites have. How far the steps of a window differ says how much their samples are
 * worth; of one step nothing does. Of a tree what nobody was sampled of may be theirs too.
 */
export function limitsOfShares({ sites, weights, steps, isOpen }: SampledShares) {
  const inThread = new Map<number, number>();
  for (const { tid, samples } of sites) inThread.set(tid, (inThread.get(tid) ?? 0) + samples);
  /** Of one sample of that thread, in parts of all sampled ones. */
  const sampled = sum([...inThread.keys()].map(weights.of));
  const weightOf = (tid: number) => weights.of(tid) / sampled / (inThread.get(tid) ?? 1);
  const weigh = (some: readonly CallSite[]) => sum(some.map(({ tid, samples }) => samples * weightOf(tid)));
  const known = new Set(sites.map(callSiteKey));
  const looked = steps
    .map((step) => step.map((site) => ({ site, key: callSiteKey(site) })).filter(({ key }) => known.has(key)))
    .filter((step) => step.length > 0);
  const watched = weights.total > 0 ? Math.min(1, sampled / weights.total) : 0;
  const all = sum(sites.map(({ samples }) => samples));

  return (own: readonly CallSite[]): ShareLimits => {
    if (isOpen || looked.length < 2 || !(sampled > 0)) return anyShare;
    const share = Math.min(1, weigh(own));
    const mine = new Set(own.map(callSiteKey));
    const parts = looked.map((step) => ({
      all: weigh(step.map(({ site }) => site)),
      own: weigh(step.filter(({ key }) => mine.has(key)).map(({ site }) => site)),
    }));
    const squares =
      sum(parts.map((part) => (part.own - share * part.all) ** 2)) / sum(parts.map((part) => part.all)) ** 2;
    const spread = (squares * looked.length) / (looked.length - 1);
    const widened = spread * (studentDeviate(looked.length - told) / z95) ** 2 + spreadOfWeights(own, share);
    const drawn = widened > 0 ? (share * (1 - share)) / widened : Number.POSITIVE_INFINITY;
    const { low, high } = shareInterval(share, Math.min(drawn, all / alike));
    return { low: low * watched, high: Math.min(1, high * watched + 1 - watched) };
  };

  /** How often threads read may be known but roughly, and those of other callers than the rest change the share by that. */
  function spreadOfWeights(own: readonly CallSite[], share: number): number {
    return sum(
      [...inThread].map(([tid, samples]) => {
        const part = sum(own.filter((site) => site.tid === tid).map((site) => site.samples)) / samples;
        return (weights.of(tid) / sampled) ** 2 * weights.spreadOf(tid) * (part - share) ** 2;
      }),
    );
  }
}
