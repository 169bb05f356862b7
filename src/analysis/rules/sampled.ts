import type { Evidence } from '../../model/findings.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { CallOrigin } from '../call-origin.ts';
import type { ClockRead } from '../clock-read.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { addKnown, isUnavailable, orElse } from '../known.ts';
import { namesPhrase, secondsPhrase } from '../phrase.ts';
import { contradicts, supports } from '../rule.ts';
import { partCopied, partOf, type SampledRead, type SampledReads, type SampledSite } from '../sampled-reads.ts';
import { scaleInterval } from '../statistics.ts';
import { callEvidence, counters, onlyTold } from './entered.ts';
import { placeSentence } from './place-sentence.ts';

const atEntry = 'registers and stack sampled where reads enter the kernel';

/** A smaller part of a read's entries is told, and is nobody's cause. */
const smallestPart = 0.01;
const toldReads = 3;

/** The reads of which entries come from such places, each with that part of its rate and cost. */
export function fromOrigin(reads: EnteredReads, sites: SampledReads | undefined, origin: CallOrigin): EnteredReads {
  return scaled(reads, ({ name }) => partOf(sites?.kernel.get(name), origin));
}

/** The reads that call the vDSO as far as is known: those of which no entry was sampled stay whole. */
export function throughVdso(reads: EnteredReads, sites: SampledReads | undefined): EnteredReads {
  return scaled(reads, ({ name }) => {
    const read = sites?.kernel.get(name);
    return read === undefined ? 1 : partOf(read, 'vdso') + partOf(read, 'unknown') + partCopied(read);
  });
}

function scaled(reads: EnteredReads, partOfRead: (read: ClockRead) => number): EnteredReads {
  const parts = reads.reads
    .map((read) => ({ read, part: partOfRead(read) }))
    .filter(({ part }) => part >= smallestPart);
  const shares = parts.map(({ read, part }) =>
    isUnavailable(read.coreShare) ? read.coreShare : scaleInterval(read.coreShare, part),
  );
  return {
    ...reads,
    reads: parts.map(({ read }) => read),
    names: parts.map(({ read }) => read.name),
    perSecond: parts.reduce((sum, { read, part }) => sum + orElse(read.perSecond, 0) * part, 0),
    coreShare: addKnown(shares),
  };
}

/**
 * What the places of the entries say for a cause that makes them itself: decisive where some are of it, decisive
 * against it where all are of others, silent where places do not tell. `strength`: that of a place of its own.
 */
export function placeEvidence(
  { names }: Pick<EnteredReads, 'names'>,
  sites: SampledReads | undefined,
  origin: CallOrigin,
  strength: Evidence['strength'] = 'decisive',
): readonly Evidence[] {
  if (sites === undefined) return [];
  const sampled = sampledOf(names, sites);
  const own = sampled.filter((read) => partOf(read, origin) >= smallestPart);
  if (own.length > 0) {
    const sure = own.some((read) => read.sites.some((site) => site.origin === origin && !site.mayBeCopied));
    return tell(own, origin).map((seen) => supports(sure || strength === 'weak' ? strength : 'strong', seen, atEntry));
  }
  const unnamed = sampled.filter((read) => read.sites.some((site) => mayBeOf(site, origin)));
  if (unnamed.length > 0) return unnamedEvidence(unnamed);
  const told = sampled.filter((read) => partOf(read, 'unknown') === 0);
  if (told.length === 0) return [];
  return elsewhere(told).map((seen) => contradicts(againstOthers(names, told, origin), seen, atEntry));
}

/** Text without a symbol: it is no libc's in a dynamic executable, nor in a library, and none of it is the vDSO's. */
function mayBeOf({ origin: from, site, program }: SampledSite, origin: CallOrigin): boolean {
  if (from !== 'unnamed' || origin === 'vdso') return false;
  return origin !== 'libc' || holdsLibc(site, program);
}

function holdsLibc({ place }: SampledSite['site'], { linkage }: SampledSite['program']): boolean {
  return place.kind !== 'library' && linkage !== 'dynamic';
}

/**
 * Of a tree of which not all that enter were sampled, others may be as they like; code that may be a copy may be libc's or a
 * runtime's, and the vDSO's where something else speaks for that.
 */
function againstOthers(
  names: readonly string[],
  told: readonly SampledRead[],
  origin: CallOrigin,
): Evidence['strength'] {
  if (!told.every(({ ofAll }) => ofAll)) return 'weak';
  if (told.some((read) => partCopied(read) > 0)) return origin === 'vdso' ? 'strong' : 'weak';
  return told.length === names.length ? 'decisive' : 'strong';
}

function sampledOf(names: readonly string[], sites: SampledReads): readonly SampledRead[] {
  return names.flatMap((name) => sites.kernel.get(name) ?? []);
}

/** Where they come from, for a cause that does not ask: it is told all the same. */
export function whereFrom(names: readonly string[], sites: SampledReads | undefined): readonly Evidence[] {
  if (sites === undefined) return [];
  return elsewhere(sampledOf(names, sites)).map((seen) => supports('weak', seen, atEntry));
}

/**
 * For a cause that lets the vDSO fall back, what else speaks for it and where the entries are made: where none is made in
 * [vdso] the host may be as it is, the cause is another. Where none was sampled, whether calls of the vDSO were caught.
 */
export function unlessMadePast(
  reads: EnteredReads,
  sites: SampledReads | undefined,
  evidence: readonly Evidence[],
): readonly Evidence[] {
  if (!reads.names.some((name) => sites?.kernel.has(name))) return [...evidence, ...callEvidence(reads)];
  const placed = placeEvidence(reads, sites, 'vdso', 'weak');
  return [...(placed.some(isDecisiveAgainst) ? onlyTold(evidence) : evidence), ...placed];
}

/** What explains entries by whose they are: strong at most where none was sampled there. */
export function atItsPlace(own: EnteredReads, evidence: readonly Evidence[]): readonly Evidence[] {
  if (own.names.length > 0) return evidence;
  return evidence.map((item) => (item.strength === 'decisive' ? { ...item, strength: 'strong' } : item));
}

export function isDecisiveAgainst({ direction, strength }: Evidence): boolean {
  return direction === 'contradicts' && strength === 'decisive';
}

export function isDecisiveFor({ direction, strength }: Evidence): boolean {
  return direction === 'supports' && strength === 'decisive';
}

/**
 * Where all sampled entries of all reads are system calls that the program makes itself, no vDSO would spare one of
 * them: that decides against its lack as a cause, which is still told. Code that may be a copy may be the program's own
 * and may be libc's, which a vDSO would spare: it speaks against and does not decide.
 */
export function unlessMadeDirectly(
  reads: EnteredReads,
  sites: SampledReads | undefined,
  evidence: readonly Evidence[],
): readonly Evidence[] {
  const sampled = sites === undefined ? [] : sampledOf(reads.names, sites);
  const all = sampled.length > 0 && sampled.length === reads.names.length && sampled.every(({ ofAll }) => ofAll);
  if (!all || sampled.some(({ sites }) => sites.some(({ origin }) => origin !== 'direct'))) return evidence;
  const isSure = sampled.every((read) => partCopied(read) === 0);
  const made = tell(sampled, 'direct').map((seen) => contradicts(isSure ? 'decisive' : 'strong', seen, atEntry));
  return [...(isSure ? onlyTold(evidence) : evidence), ...made];
}

function unnamedEvidence(reads: readonly SampledRead[]): readonly Evidence[] {
  const unnamed = reads.flatMap(({ sites }) => sites.filter(({ origin }) => origin === 'unnamed'));
  const whose = unnamed.some(({ site, program }) => holdsLibc(site, program)) ? 'libc, runtime' : 'runtime';
  return tell(reads, 'unnamed').map((seen) =>
    supports('weak', `${seen}: it has no symbol there, so its ${whose} and own code cannot be told apart`, atEntry),
  );
}

function elsewhere(reads: readonly SampledRead[]): readonly string[] {
  return reads.slice(0, toldReads).map((read) => placeSentence(read, read.sites));
}

function tell(reads: readonly SampledRead[], origin: CallOrigin): readonly string[] {
  return reads.slice(0, toldReads).map((read) =>
    placeSentence(
      read,
      read.sites.filter((site) => site.origin === origin),
    ),
  );
}

/** What settles each cause that is about not asking the vDSO: there must be one, and something it would have spared. */
export function nothingToAsk(
  reads: EnteredReads,
  mappings: readonly Mapping[] | undefined,
): readonly Evidence[] | undefined {
  if (mappings?.every(({ name }) => name !== '[vdso]'))
    return [contradicts('decisive', 'the target has no [vdso] that could be asked', '/proc/PID/maps')];
  if (reads.names.length > 0) return undefined;
  const nothing = `no clock read that a vDSO serves entered the kernel in ${secondsPhrase(reads.seconds)}`;
  return [contradicts('decisive', nothing, counters)];
}

/** In 'because it makes …' order: what the vDSO of this host would do for these reads were it asked. */
export function effectHere(reads: EnteredReads): string {
  const unserved = reads.reads.filter(({ served }) => !isUnavailable(served) && !served.served);
  if (unserved.length === 0) return 'these reads stay in user space';
  return `they go to the vDSO; on this host that does not yet help ${namesPhrase(unserved.map(({ name }) => name))}, which its vDSO does not serve`;
}
