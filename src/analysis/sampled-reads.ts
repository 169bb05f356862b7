import type { CallSite, ShareLimits, SiteProcess } from '../model/call-sites.ts';
import type { Known } from '../model/reading.ts';
import { allReads, type Basis } from './basis.ts';
import { type CallOrigin, mayBeCopied, originOf, programsOf } from './call-origin.ts';
import { sampledCallSites } from './call-sites.ts';
import { catchesBeginnings } from './catches-beginnings.ts';
import { enteringProcesses } from './entering-processes.ts';
import { isUnavailable, mapKnown, orElse } from './known.ts';
import { rememberingOf } from './remembering-of.ts';
import { samplesByThread } from './samples-by-thread.ts';
import { limitsOfShares } from './share-limits.ts';
import { callerOf, placePhrase, type SiteOfProgram } from './site-caller.ts';
import { isSameRead, weighSites } from './site-weights.ts';
import { isGnuOnly, vdsoHashTables } from './vdso-hash-tables.ts';
import { vdsoProbes } from './vdso-probes.ts';

/**
 * A call site with its part of all reads of its kind, on its side; in a tree, entries of processes of which none was sampled
 * are nobody's part.
 */
export interface SampledSite extends SiteOfProgram {
  readonly part: number;
  readonly origin: CallOrigin;
  /** Its origin is that of memory without a name, and the code there may be a copy of any other. */
  readonly mayBeCopied: boolean;
}

/** One kind of read, as sampled on one side. */
export interface SampledRead {
  /** As in ClockRead.name. */
  readonly name: string;
  readonly samples: number;
  readonly sites: readonly SampledSite[];
  /** 95 % limits of the part that some of its sites have. */
  readonly limitsOf: (some: readonly CallSite[]) => ShareLimits;
  /** Of the kernel's side in a tree: the processes that enter for it; unavailable in one process, or where not told. */
  readonly entering: Known<ReadonlySet<number>>;
  /** Of a tree: entries of each process that makes some to speak of were sampled. One process was, if anything was. */
  readonly ofAll: boolean;
}

/** Reads by name; a kind of read of which nothing was sampled is not there. */
export interface SampledReads {
  readonly kernel: ReadonlyMap<string, SampledRead>;
  readonly vdso: ReadonlyMap<string, SampledRead>;
  /** How the side of the vDSO was sampled. */
  readonly vdsoProbe: string;
}

/** Rules, headline and report ask for the same. */
export const sampleReads = rememberingOf(
  (basis: Basis): Known<SampledReads> =>
    mapKnown(sampledCallSites(basis.window), (sampled) => {
      const { sites, vdsoBy } = sampled;
      const programOf = programsOf(sampled, basis.window.last.target);
      const ofSide = (side: CallSite['side']) =>
        groupByRead(
          basis,
          programOf,
          sites.filter((site) => site.side === side),
        );
      const vdsoProbe = vdsoBy === 'time' ? vdsoProbes.cpuSamples : vdsoProbes.breakpoints;
      return { kernel: ofSide('kernel'), vdso: ofSide('vdso'), vdsoProbe };
    }),
);

type ProgramOf = ReturnType<typeof programsOf>;

function groupByRead(basis: Basis, programOf: ProgramOf, sites: readonly CallSite[]): ReadonlyMap<string, SampledRead> {
  const reads = allReads(basis).flatMap(({ fn, slot, name }) => {
    const own = sites.filter(
      (site) => site.samples > 0 && site.fn === fn && (fn !== 'clock_gettime' || site.slot === slot),
    );
    return own.length === 0 ? [] : [[name, sampledRead(basis, programOf, name, own)] as const];
  });
  return new Map(reads);
}

function sampledRead(basis: Basis, programOf: ProgramOf, name: string, sites: readonly CallSite[]): SampledRead {
  const samples = sumOf(sites);
  const weights = weighSites(basis, sites);
  const entering = enteringFor(basis, sites);
  const inThread = samplesByThread(sites);
  return {
    name,
    samples,
    limitsOf: limitsOfShares({
      sites,
      weights,
      steps: basis.window.siteSteps,
      isOpen: catchesBeginnings(basis.window, sites),
    }),
    entering,
    ofAll: hasAll(basis, entering, sites),
    sites: sites
      .map((site) => {
        const ofThread = site.samples / (inThread.get(site.tid) ?? site.samples);
        const part = portion(ofThread * weights.of(site.tid), weights.total);
        const program = programOf(site);
        return {
          ...{ site, program, part },
          origin: originOf(site, program, isGnuOnly(orElse(vdsoHashTables(basis.window.last), undefined))),
          mayBeCopied: mayBeCopied(site, program),
        };
      })
      .sort((a, b) => b.part - a.part),
  };
}

/** A file may hold counts of which no session would make a whole. */
function portion(of: number, whole: number): number {
  return whole > 0 && of > 0 ? Math.min(1, of / whole) : 0;
}

function enteringFor({ counted, window }: Basis, [site]: readonly CallSite[]): SampledRead['entering'] {
  return enteringProcesses(window.last, counted, (entry) => isSameRead(entry, site));
}

function hasAll({ window }: Basis, entering: SampledRead['entering'], sites: readonly CallSite[]): boolean {
  if (window.last.tree === undefined) return true;
  const sampled = new Set(sites.map(({ process }) => process?.pid));
  return !isUnavailable(entering) && [...entering].every((pid) => sampled.has(pid));
}

function sumOf(sites: readonly CallSite[]): number {
  return sites.reduce((sum, { samples }) => sum + samples, 0);
}

/** Part of a read's entries that come from such places; 0 where it was not sampled. */
export function partOf(read: SampledRead | undefined, origin: CallOrigin): number {
  return (read?.sites ?? []).filter((item) => item.origin === origin).reduce((sum, { part }) => sum + part, 0);
}

/** Part of a read's entries that may be of code copied from anywhere. */
export function partCopied(read: SampledRead | undefined): number {
  return (read?.sites ?? []).filter((item) => item.mayBeCopied).reduce((sum, { part }) => sum + part, 0);
}

/** A caller in words, with its part of a kind of read and the threads it was sampled in. */
export interface TopCaller {
  /** 'ratelimit+0x3c in libfoo.so' */
  readonly phrase: string;
  readonly part: number;
  readonly samples: number;
  readonly tids: readonly number[];
  /** Of a tree: the processes it was sampled in. */
  readonly processes: readonly SiteProcess[];
}

function withReader(known: readonly SiteProcess[], reader: SiteProcess | undefined): readonly SiteProcess[] {
  return reader === undefined || known.some(({ pid }) => pid === reader.pid) ? known : [...known, reader];
}

/** The callers of a read, the most frequent first; sites of which no caller is known stand aside. */
export function topCallers({ sites }: SampledRead, origin?: CallOrigin): readonly TopCaller[] {
  const callers = new Map<string, TopCaller>();
  for (const sampled of sites) {
    const { site, part, origin: from } = sampled;
    const { caller } = callerOf(sampled);
    if (caller === undefined || (origin !== undefined && from !== origin)) continue;
    const phrase = placePhrase(caller);
    const known = callers.get(phrase) ?? { phrase, part: 0, samples: 0, tids: [], processes: [] };
    callers.set(phrase, {
      phrase,
      part: known.part + part,
      samples: known.samples + site.samples,
      tids: [...new Set([...known.tids, site.tid])],
      processes: withReader(known.processes, site.process),
    });
  }
  return [...callers.values()].sort((a, b) => b.part - a.part);
}
