import type { CallSite, CallSiteSummary, CodePlace, SiteProcess } from '../model/call-sites.ts';
import type { Known } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import { isUnavailable, known, mapKnown } from './known.ts';
import { namesPhrase } from './phrase.ts';
import { type SampledRead, type SampledSite, sampleReads } from './sampled-reads.ts';
import { samplesByThread } from './samples-by-thread.ts';
import { callerOf, functionPhrase, placePhrase, type SiteOfProgram } from './site-caller.ts';

const shownThreads = 10;
const shownProcesses = 10;

/** Where reads come from: of the kernel's side first, then by how often each kind is sampled and its sites' parts. */
export function summarizeCallSites(basis: Basis): Known<readonly CallSiteSummary[]> {
  return mapKnown(sampleReads(basis), ({ kernel, vdso }) =>
    [kernel, vdso].flatMap((side) =>
      [...side.values()].sort((a, b) => b.samples - a.samples).flatMap((read) => sitesOfRead(read, threadNames(basis))),
    ),
  );
}

type ThreadNames = Readonly<Record<number, string>>;

function threadNames({ window }: Basis): ThreadNames {
  const activity = known(window.last.activity);
  return isUnavailable(activity) ? {} : activity.threadNames;
}

/** What reads the same in words, of the same files, is one site, over all threads and whoever called its caller. */
function sitesOfRead(read: SampledRead, names: ThreadNames): readonly CallSiteSummary[] {
  const sites = new Map<string, SampledSite[]>();
  for (const sampled of read.sites) {
    const files = [sampled.site.place, callerOf(sampled).caller].map((place) => place?.module ?? '');
    const key = [sampled.site.foundBy, siteSentence(sampled), ...files].join('\n');
    sites.set(key, [...(sites.get(key) ?? []), sampled]);
  }
  return [...sites.values()].map((same) => summarize(read, same, names)).sort((a, b) => b.share - a.share);
}

function summarize({ name, limitsOf }: SampledRead, same: readonly SampledSite[], names: ThreadNames): CallSiteSummary {
  const sites = same.map(({ site }) => site);
  const [first] = same as [SampledSite, ...SampledSite[]];
  const { slot: _slot, tid: _tid, process: _process, program: _program, ...shared } = first.site;
  return {
    ...shared,
    callers: commonCallers(sites),
    samples: sites.reduce((sum, { samples }) => sum + samples, 0),
    clock: name,
    share: Math.min(
      1,
      same.reduce((sum, { part }) => sum + part, 0),
    ),
    shareLimits: limitsOf(sites),
    threads: threadsOf(sites, names),
    threadCount: new Set(sites.map(({ tid }) => tid)).size,
    ...processesOf(sites),
    sentence: siteSentence(first),
  };
}

/** The callers that all of them have, outward to where they part. */
function commonCallers([first, ...others]: readonly CallSite[]): readonly CodePlace[] {
  const callers = first?.callers ?? [];
  const parts = callers.findIndex(
    (caller, index) => !others.every((other) => isSamePlace(other.callers[index], caller)),
  );
  return parts < 0 ? callers : callers.slice(0, parts);
}

/** Each process of a tree has the same code elsewhere. */
function isSamePlace(one: CodePlace | undefined, { address, module, symbol, offset }: CodePlace): boolean {
  if (one?.address === address) return true;
  return symbol !== undefined && one?.symbol === symbol && one.offset === offset && one.module === module;
}

function processesOf(sites: readonly CallSite[]): Pick<CallSiteSummary, 'processes'> {
  const processes = new Map<number, SiteProcess & { readonly samples: number }>();
  for (const { process: reader, samples } of sites)
    if (reader !== undefined)
      processes.set(reader.pid, { ...reader, samples: (processes.get(reader.pid)?.samples ?? 0) + samples });
  const busiest = [...processes.values()].sort((a, b) => b.samples - a.samples || a.pid - b.pid);
  return busiest.length === 0
    ? {}
    : { processes: { count: busiest.length, busiest: busiest.slice(0, shownProcesses) } };
}

function threadsOf(sites: readonly CallSite[], names: ThreadNames): CallSiteSummary['threads'] {
  return [...samplesByThread(sites)]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, shownThreads)
    .map(([tid, count]) => {
      const name = names[tid];
      return { tid, ...(name !== undefined && { name }), samples: count };
    });
}

/** 'ratelimit+0x3c in libfoo.so, by clock_gettime in libc.so.6' */
function siteSentence(sampled: SiteOfProgram): string {
  const { site } = sampled;
  const { caller, through } = callerOf(sampled);
  const by = [...new Set(through.map(functionPhrase))];
  if (caller !== undefined)
    return by.length === 0 ? placePhrase(caller) : `${placePhrase(caller)}, by ${namesPhrase(by)}`;
  const where = by.length === 0 ? placePhrase(site.place) : namesPhrase(by);
  const [guess] = site.foundBy === 'frame-pointer' ? site.callers : [];
  return guess === undefined
    ? `${where}, its caller not known`
    : `${where}, possibly called by ${placePhrase(guess)} (by frame pointer, which may skip callers)`;
}
