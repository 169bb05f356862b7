import type { CallSite } from '../model/call-sites.ts';
import type { EntryFunction } from '../model/clock-calls.ts';
import type { Known } from '../model/reading.ts';
import { allReads, type Basis } from './basis.ts';
import { type CallOrigin, originOf, type Program, programOf } from './call-origin.ts';
import { sampledCallSites } from './call-sites.ts';
import { mapKnown, orElse } from './known.ts';
import { callerOf, placePhrase } from './site-caller.ts';
import { vdsoProbes } from './vdso-probes.ts';

/** A call site with its part of all reads of its kind, on its side. */
export interface SampledSite {
  readonly site: CallSite;
  readonly part: number;
  readonly origin: CallOrigin;
}

/** One kind of read, as sampled on one side. */
export interface SampledRead {
  /** As in ClockRead.name. */
  readonly name: string;
  readonly samples: number;
  readonly sites: readonly SampledSite[];
}

/** Reads by name; a kind of read of which nothing was sampled is not there. */
export interface SampledReads {
  readonly kernel: ReadonlyMap<string, SampledRead>;
  readonly vdso: ReadonlyMap<string, SampledRead>;
  readonly program: Program;
  /** How the side of the vDSO was sampled. */
  readonly vdsoProbe: string;
}

export function sampleReads(basis: Basis): Known<SampledReads> {
  return mapKnown(sampledCallSites(basis.window), ({ sites, vdsoBy }) => {
    const program = programOf(basis.window.last.target);
    const ofSide = (side: CallSite['side']) =>
      groupByRead(
        basis,
        program,
        sites.filter((site) => site.side === side),
      );
    const vdsoProbe = vdsoBy === 'time' ? vdsoProbes.cpuSamples : vdsoProbes.breakpoints;
    return { kernel: ofSide('kernel'), vdso: ofSide('vdso'), program, vdsoProbe };
  });
}

function groupByRead(basis: Basis, program: Program, sites: readonly CallSite[]): ReadonlyMap<string, SampledRead> {
  const reads = allReads(basis).flatMap(({ fn, slot, name }) => {
    const own = sites.filter((site) => site.fn === fn && (fn !== 'clock_gettime' || site.slot === slot));
    return own.length === 0 ? [] : [[name, sampledRead(basis, program, name, own)] as const];
  });
  return new Map(reads);
}

function sampledRead(basis: Basis, program: Program, name: string, sites: readonly CallSite[]): SampledRead {
  const samples = sumOf(sites);
  const weights = weightsOfThreads(basis, sites);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return {
    name,
    samples,
    sites: sites
      .map((site) => {
        const inThread = site.samples / sumOf(sites.filter(({ tid }) => tid === site.tid));
        return { site, part: (inThread * (weights.get(site.tid) ?? 0)) / total, origin: originOf(site, program) };
      })
      .sort((a, b) => b.part - a.part),
  };
}

/**
 * How much each sampled thread counts: a window takes about as many samples of a slow thread as of a busy one, so they
 * are weighed by how often the thread reads. Where that is not known of all of them, by their samples.
 */
function weightsOfThreads(basis: Basis, sites: readonly CallSite[]): ReadonlyMap<number, number> {
  const tids = [...new Set(sites.map(({ tid }) => tid))];
  const rateOf = sites[0]?.side === 'kernel' ? entriesOf(basis, sites) : callRateOf(basis, sites);
  const rates = tids.map((tid) => [tid, rateOf(tid)] as const);
  if (rates.every(([, rate]) => rate > 0)) return new Map(rates);
  return new Map(tids.map((tid) => [tid, sumOf(sites.filter((site) => site.tid === tid))]));
}

function entriesOf({ counted }: Basis, [site]: readonly CallSite[]): (tid: number) => number {
  const threads = orElse(
    mapKnown(counted, (all) => orElse(all.threads, [])),
    [],
  );
  const own = threads.filter((entry) => isSameRead(entry, site));
  return (tid) => own.filter((entry) => entry.tid === tid).reduce((sum, { count }) => sum + count, 0);
}

function isSameRead(entry: ReadKind, site: ReadKind | undefined): boolean {
  return entry.fn === site?.fn && (entry.fn !== 'clock_gettime' || entry.slot === site.slot);
}

type ReadKind = { readonly fn: EntryFunction; readonly slot: number };

/** Calls a millisecond at which a breakpoint was armed and looking. */
function callRateOf({ window }: Basis, [site]: readonly CallSite[]): (tid: number) => number {
  return (tid) => {
    const looks = window.fastWindows
      .filter((look) => look.tid === tid)
      .flatMap(({ armedMs, functions }) =>
        functions.filter(({ fn }) => fn === site?.fn).map((look) => ({ armedMs, ...look })),
      );
    const ms = looks.reduce((sum, { armedMs, usedUpAfterMs = armedMs }) => sum + usedUpAfterMs, 0);
    const hits = looks.flatMap((look) => look.hits).filter(({ slot }) => slot === site?.slot);
    return ms > 0 ? hits.reduce((sum, { count }) => sum + count, 0) / ms : 0;
  };
}

function sumOf(sites: readonly CallSite[]): number {
  return sites.reduce((sum, { samples }) => sum + samples, 0);
}

/** Part of a read's entries that come from such places; 0 where it was not sampled. */
export function partOf(read: SampledRead | undefined, origin: CallOrigin): number {
  return (read?.sites ?? []).filter((item) => item.origin === origin).reduce((sum, { part }) => sum + part, 0);
}

/** A caller in words, with its part of a kind of read and the threads it was sampled in. */
export interface TopCaller {
  /** 'ratelimit+0x3c in libfoo.so' */
  readonly phrase: string;
  readonly part: number;
  readonly samples: number;
  readonly tids: readonly number[];
}

/** The callers of a read, the most frequent first; sites of which no caller is known stand aside. */
export function topCallers({ sites }: SampledRead, program: Program, origin?: CallOrigin): readonly TopCaller[] {
  const callers = new Map<string, TopCaller>();
  for (const { site, part, origin: from } of sites) {
    const { caller } = callerOf(site, program);
    if (caller === undefined || (origin !== undefined && from !== origin)) continue;
    const phrase = placePhrase(caller);
    const known = callers.get(phrase) ?? { phrase, part: 0, samples: 0, tids: [] };
    callers.set(phrase, {
      phrase,
      part: known.part + part,
      samples: known.samples + site.samples,
      tids: [...new Set([...known.tids, site.tid])],
    });
  }
  return [...callers.values()].sort((a, b) => b.part - a.part);
}
