import type { CallSite, CallSiteSummary, CodePlace } from '../model/call-sites.ts';
import type { Known } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import type { Program } from './call-origin.ts';
import { isUnavailable, known, mapKnown } from './known.ts';
import { namesPhrase } from './phrase.ts';
import { type SampledRead, type SampledSite, sampleReads } from './sampled-reads.ts';
import { callerOf, functionPhrase, placePhrase } from './site-caller.ts';

const shownThreads = 10;

/** Where reads come from: of the kernel's side first, then by how often each kind is sampled and its sites' parts. */
export function summarizeCallSites(basis: Basis): Known<readonly CallSiteSummary[]> {
  return mapKnown(sampleReads(basis), ({ kernel, vdso, program }) =>
    [kernel, vdso].flatMap((side) =>
      [...side.values()]
        .sort((a, b) => b.samples - a.samples)
        .flatMap((read) => sitesOfRead(read, program, threadNames(basis))),
    ),
  );
}

type ThreadNames = Readonly<Record<number, string>>;

function threadNames({ window }: Basis): ThreadNames {
  const activity = known(window.last.activity);
  return isUnavailable(activity) ? {} : activity.threadNames;
}

/** What reads the same in words is one site, over all threads and whoever called its caller. */
function sitesOfRead(read: SampledRead, program: Program, names: ThreadNames): readonly CallSiteSummary[] {
  const sites = new Map<string, SampledSite[]>();
  for (const sampled of read.sites) {
    const key = `${sampled.site.foundBy} ${siteSentence(sampled.site, program)}`;
    sites.set(key, [...(sites.get(key) ?? []), sampled]);
  }
  return [...sites.values()].map((same) => summarize(read, same, program, names)).sort((a, b) => b.share - a.share);
}

function summarize(
  { name }: SampledRead,
  same: readonly SampledSite[],
  program: Program,
  names: ThreadNames,
): CallSiteSummary {
  const sites = same.map(({ site }) => site);
  const [first] = sites as [CallSite, ...CallSite[]];
  const { slot: _slot, tid: _tid, ...shared } = first;
  return {
    ...shared,
    callers: commonCallers(sites),
    samples: sites.reduce((sum, { samples }) => sum + samples, 0),
    clock: name,
    share: Math.min(
      1,
      same.reduce((sum, { part }) => sum + part, 0),
    ),
    threads: threadsOf(sites, names),
    sentence: siteSentence(first, program),
  };
}

/** The callers that all of them have, outward to where they part. */
function commonCallers([first, ...others]: readonly CallSite[]): readonly CodePlace[] {
  const callers = first?.callers ?? [];
  const parts = callers.findIndex(
    ({ address }, index) => !others.every((other) => other.callers[index]?.address === address),
  );
  return parts < 0 ? callers : callers.slice(0, parts);
}

function threadsOf(sites: readonly CallSite[], names: ThreadNames): CallSiteSummary['threads'] {
  const samples = new Map<number, number>();
  for (const site of sites) samples.set(site.tid, (samples.get(site.tid) ?? 0) + site.samples);
  return [...samples]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, shownThreads)
    .map(([tid, count]) => {
      const name = names[tid];
      return { tid, ...(name !== undefined && { name }), samples: count };
    });
}

/** 'ratelimit+0x3c in libfoo.so, by clock_gettime in libc.so.6' */
function siteSentence(site: CallSite, program: Program): string {
  const { caller, through } = callerOf(site, program);
  const by = [...new Set(through.map(functionPhrase))];
  if (caller !== undefined)
    return by.length === 0 ? placePhrase(caller) : `${placePhrase(caller)}, by ${namesPhrase(by)}`;
  const where = by.length === 0 ? placePhrase(site.place) : namesPhrase(by);
  const [guess] = site.foundBy === 'frame-pointer' ? site.callers : [];
  return guess === undefined
    ? `${where}, its caller not known`
    : `${where}, possibly called by ${placePhrase(guess)} (by frame pointer, which may skip callers)`;
}
