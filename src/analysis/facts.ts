import type { ClockPage } from '../model/clock-page.ts';
import type { CpuFacts, HostFacts, KernelLogLine } from '../model/host.ts';
import type { Interval } from '../model/interval.ts';
import type { Mapping } from '../model/mappings.ts';
import type { PriceNs } from '../model/prices.ts';
import type { Interposer, Libc, Runtime } from '../model/program.ts';
import type { Known, Reading } from '../model/reading.ts';
import type { TargetFacts } from '../model/target.ts';
import type { TargetVdso, VdsoImage } from '../model/vdso.ts';
import { allReads, type Basis } from './basis.ts';
import type { ClockRead } from './clock-read.ts';
import { type ClockEntry, clockEntry } from './clock-table.ts';
import { fastReads } from './fast-reads.ts';
import { mainlineServes } from './kernel-version.ts';
import { isUnavailable, known, mapKnown, orElse, unavailable } from './known.ts';
import { legacyPrices, type PathPrices } from './legacy-prices.ts';
import { unwatchedPrice } from './prices.ts';
import { type SampledReads, sampleReads } from './sampled-reads.ts';
import { onlyTimeFunctions } from './sampled-time.ts';
import { isServedHere } from './served-here.ts';
import { addIntervals } from './statistics.ts';
import { stayingShare } from './staying-share.ts';
import { measuredPrecise, nullSyscallPrice, type ServedClock } from './vdso-service.ts';
import type { WitnessedCalls } from './witnessed-calls.ts';

/** Reads of one kind that entered the kernel in the window. */
export interface EnteredReads {
  readonly seconds: number;
  /** Names of what was read, dearest first; empty when none entered. */
  readonly names: readonly string[];
  readonly perSecond: number;
  readonly coreShare: Known<Interval>;
  /** Whether vDSO calls of the same kinds were caught. */
  readonly callsCaught: boolean;
  /** Whether so few vDSO calls can have been made that most entries were made past the vDSO. */
  readonly madePast: boolean;
  readonly reads: readonly ClockRead[];
}

/** One clock's entries, for the rules about a clock id. */
export interface EnteredClock {
  readonly clock: ClockEntry;
  readonly read: ClockRead;
  readonly seconds: number;
  readonly count: number;
  readonly perSecond: number;
}

/** What rules may ask about the whole target and the host. The keys are the names a missing reading is called by. */
export interface TargetReadings {
  readonly 'kernel entries': EnteredReads;
  /** Of clocks that are read from the hardware counter: those a clocksource decides about. */
  readonly 'entries of precise clocks': EnteredReads;
  /** Of everything that a healthy vDSO serves. */
  readonly 'entries a healthy vDSO spares': EnteredReads;
  /** Of everything that this host's vDSO serves, as measured. */
  readonly "entries this host's vDSO spares": EnteredReads;
  readonly 'legacy vsyscalls': EnteredReads;
  readonly 'prices of the legacy page': readonly PathPrices[];
  readonly 'vDSO calls': WitnessedCalls;
  readonly 'precise clocks of the vDSO': readonly ServedClock[];
  readonly 'price of a null syscall': PriceNs;
  readonly 'price of a counter read': PriceNs;
  readonly 'price of a vDSO read': PriceNs;
  readonly 'clock data page': ClockPage;
  readonly clocksource: string;
  readonly 'available clocksources': readonly string[];
  readonly architecture: string;
  readonly 'kernel release': string;
  readonly 'kernel command line': string;
  readonly 'kernel log': readonly KernelLogLine[];
  /** The same where nothing is left out: only then does silence prove something. */
  readonly 'whole kernel log': readonly KernelLogLine[];
  readonly hypervisor: string;
  readonly 'CPU flags': CpuFacts;
  readonly mitigations: Readonly<Record<string, string>>;
  readonly "the target's mappings": readonly Mapping[];
  readonly "vdsotop's own mappings": readonly Mapping[];
  readonly AT_SYSINFO_EHDR: string;
  readonly bits: 32 | 64;
  readonly linkage: 'static' | 'dynamic';
  readonly tracer: number;
  readonly 'seccomp mode': 'none' | 'strict' | 'filter';
  readonly 'another time namespace': boolean;
  /** Where reads enter the kernel or the vDSO, as sampled; unavailable too while entries are counted and none sampled. */
  readonly 'call sites': SampledReads;
  readonly libc: Libc;
  readonly runtime: Runtime;
  readonly 'interposed clock functions': readonly Interposer[];
  readonly "the target's own vDSO": TargetVdso;
  /** Of the image that the target's libc looks through: its own, or ours where that cannot be read. */
  readonly 'hash tables of the vDSO': VdsoImage['hashTables'];
  readonly 'other watchers': readonly string[];
  readonly 'foreign kernel': HostFacts['foreignKernel'] extends Reading<infer K> ? K : never;
  /** Part of one core that the target spends in its vDSO on calls that stay there, by CPU sampling. */
  readonly 'core share of the vDSO': Interval;
  /** Reads that were caught calling the vDSO and that it serves, the most caught first. */
  readonly 'reads through the vDSO': readonly ClockRead[];
  /** Functions of the vDSO that CPU sampling found telling the time, where it found nothing else there. */
  readonly 'functions sampled in the vDSO': readonly string[];
  /** By vDSO: of MONOTONIC_COARSE, which stands for the other too. */
  readonly 'price of a coarse read': PriceNs;
}

/** The same, and one clock. */
export interface ClockReadings extends TargetReadings {
  readonly 'entries of this clock': EnteredClock;
  /** Whether the vDSO of vdsotop's own process serves this clock. */
  readonly 'this clock by the vDSO': ServedClock;
  /** Unwatched price of the clock that tells the same time, by vDSO; only for clocks that have one. */
  readonly 'price of its twin': PriceNs;
}

/** Readings as a rule's engine holds them: each a value or the reason why there is none. */
export type Facts<R> = { readonly [K in keyof R]: Known<R[K]> };

export function targetFacts(basis: Basis): Facts<TargetReadings> {
  return { ...readFacts(basis), ...derivedFacts(basis) };
}

type ReadNames =
  | 'clock data page'
  | 'clocksource'
  | 'available clocksources'
  | 'architecture'
  | 'kernel release'
  | 'kernel command line'
  | 'kernel log'
  | 'whole kernel log'
  | 'hypervisor'
  | 'CPU flags'
  | 'mitigations'
  | "the target's mappings"
  | "vdsotop's own mappings"
  | 'AT_SYSINFO_EHDR'
  | 'bits'
  | 'linkage'
  | 'tracer'
  | 'seccomp mode'
  | 'another time namespace'
  | 'libc'
  | 'runtime'
  | 'interposed clock functions'
  | "the target's own vDSO"
  | 'hash tables of the vDSO'
  | 'other watchers'
  | 'foreign kernel';

function derivedFacts(basis: Basis): Facts<Omit<TargetReadings, ReadNames>> {
  return {
    'kernel entries': entered(basis, () => true),
    'entries of precise clocks': entered(basis, (read) => isPrecise(read) && !lacksByVersion(basis, read)),
    'entries a healthy vDSO spares': entered(basis, isSpared),
    "entries this host's vDSO spares": sparedHere(basis),
    'legacy vsyscalls': entered(basis, ({ fn }) => fn.startsWith('vsyscall_')),
    'prices of the legacy page': legacyPrices(basis),
    'vDSO calls': basis.witnessed,
    'call sites': callSites(basis),
    'core share of the vDSO': stayingShare(basis),
    'reads through the vDSO': readsThroughVdso(basis),
    'functions sampled in the vDSO': onlyTimeFunctions(basis.fastPath.time),
    'price of a coarse read': unwatchedPrice(basis.prices, { call: 'clock_gettime', clockId: 6, path: 'vdso' }),
    'precise clocks of the vDSO': measuredPrecise(basis.service),
    'price of a null syscall': nullSyscallPrice(basis.prices),
    'price of a counter read': unwatchedPrice(basis.prices, { call: 'counter', path: 'raw' }),
    'price of a vDSO read': unwatchedPrice(basis.prices, { call: 'clock_gettime', clockId: 1, path: 'vdso' }),
  };
}

function readFacts({ window }: Basis): Facts<Pick<TargetReadings, ReadNames>> {
  const { host, target, clockPage } = window.last;
  return {
    'clock data page': known(clockPage),
    clocksource: known(host.currentClocksource),
    'available clocksources': known(host.availableClocksources),
    architecture: known(host.architecture),
    'kernel release': known(host.kernelRelease),
    'kernel command line': known(host.kernelCommandLine),
    'kernel log': known(host.kernelLog),
    'whole kernel log': wholeLog(host.kernelLog),
    hypervisor: known(host.hypervisor),
    'CPU flags': known(host.cpu),
    mitigations: known(host.mitigations),
    "the target's mappings": known(target.mappings),
    "vdsotop's own mappings": known(host.ownMappings),
    AT_SYSINFO_EHDR: known(target.sysinfoEhdr),
    bits: known(target.bits),
    linkage: known(target.linkage),
    tracer: known(target.tracerPid),
    'seccomp mode': known(target.seccompMode),
    'another time namespace': known(target.otherTimeNamespace),
    libc: known(target.libc),
    runtime: known(target.runtime),
    'interposed clock functions': known(target.interposers),
    "the target's own vDSO": known(target.vdso),
    'hash tables of the vDSO': hashTables(target, host),
    'other watchers': known(host.otherWatchers),
    'foreign kernel': known(host.foreignKernel),
  };
}

function callSites(basis: Basis): Known<SampledReads> {
  const sampled = sampleReads(basis);
  if (isUnavailable(sampled) || sampled.kernel.size > 0 || !allReads(basis).some(hasEntered)) return sampled;
  return unavailable('absent', 'no kernel entry has been sampled in this window');
}

function hasEntered({ entries }: ClockRead): boolean {
  return orElse(entries, 0) > 0;
}

/** An image of the other word size is not ours, but comes from the same build: it is not asked of a 32-bit target. */
function hashTables({ vdso, bits }: TargetFacts, { ownVdso }: HostFacts): Known<VdsoImage['hashTables']> {
  const own = known(vdso);
  if (!isUnavailable(own)) return own.image.hashTables;
  return known(bits) === 64 ? mapKnown(known(ownVdso), (image) => image.hashTables) : own;
}

/** As collect/host/kernel-log.ts and kernel-log-relevance.ts say that lines are missing. */
const leavesOut = /\bin part\b|the first \d+ and last \d+ of/;

function wholeLog(log: HostFacts['kernelLog']): Known<readonly KernelLogLine[]> {
  if ('unavailable' in log || !leavesOut.test(log.source)) return known(log);
  return unavailable('absent', `only a part of the log is left (${log.source})`);
}

export function clockFacts(facts: Facts<TargetReadings>, basis: Basis, read: ClockRead): Facts<ClockReadings> {
  const clock = clockEntry(read.slot);
  return {
    ...facts,
    'entries of this clock': mapKnown(trusted(basis), ({ seconds }) => ({
      clock,
      read,
      seconds,
      count: orElse(read.entries, 0),
      perSecond: orElse(read.perSecond, 0),
    })),
    'this clock by the vDSO': read.served,
    'price of its twin':
      clock.twin === undefined
        ? unavailable('unsupported', 'no other clock tells the same time')
        : unwatchedPrice(basis.prices, { call: 'clock_gettime', clockId: clock.twin, path: 'vdso' }),
  };
}

function entered(basis: Basis, belongs: (read: ClockRead) => boolean): Known<EnteredReads> {
  const untold = allReads(basis)
    .filter(belongs)
    .map(({ entries }) => entries)
    .find(isUnavailable);
  const counted = trusted(basis);
  return mapKnown(isUnavailable(counted) ? counted : (untold ?? counted), ({ seconds }) => {
    const reads = allReads(basis)
      .filter((read) => belongs(read) && hasEntered(read))
      .sort((a, b) => shareValue(b) - shareValue(a));
    const perSecond = reads.reduce((sum, read) => sum + orElse(read.perSecond, 0), 0);
    return {
      seconds,
      names: reads.map(({ name }) => name),
      perSecond,
      coreShare: addShares(reads),
      callsCaught: reads.some(({ hits }) => orElse(hits, 0) > 0),
      madePast: perSecond > 0 && reads.reduce((sum, { calls }) => sum + calls.high, 0) < perSecond / 2,
      reads,
    };
  });
}

function sparedHere(basis: Basis): Known<EnteredReads> {
  const entering = allReads(basis).filter((read) => isSpared(read) && hasEntered(read));
  const untimed = entering.map(({ served }) => served).find(isUnavailable);
  return untimed ?? entered(basis, (read) => isSpared(read) && isServedHere(read.served));
}

/**
 * The counts, where they prove something: a 32-bit target's entries may pass a counter unseen, so that of such a target
 * only what was counted is true, and nothing counted is not nothing, unless the counter sees calls of 32-bit code.
 */
function trusted({ counted, window }: Basis): Basis['counted'] {
  if (isUnavailable(counted) || counted.counts.length > 0 || counted.sees32Bit === true) return counted;
  if (known(window.last.target.bits) === 64) return counted;
  return unavailable('unsupported', 'a count of zero proves nothing of a target that is not known to be a 64-bit one');
}

export function shareValue({ coreShare }: Pick<ClockRead, 'coreShare'>): number {
  return orElse(
    mapKnown(coreShare, ({ value }) => value),
    0,
  );
}

function addShares(reads: readonly ClockRead[]): Known<Interval> {
  const shares = reads.map(({ coreShare }) => coreShare);
  return shares.find(isUnavailable) ?? addIntervals(shares.filter((share): share is Interval => !isUnavailable(share)));
}

/** getcpu counts too: a vDSO spares it as well. Legacy vsyscalls enter whatever the vDSO does. */
function isSpared({ fn, healthyServes }: ClockRead): boolean {
  return healthyServes && !fn.startsWith('vsyscall_');
}

function isPrecise({ fn, slot }: ClockRead): boolean {
  return fn === 'gettimeofday' || (fn === 'clock_gettime' && clockEntry(slot).kind === 'precise');
}

/** A clock that this kernel's vDSO does not know is not slow because of its clocksource. */
function lacksByVersion({ window }: Basis, { fn, slot }: ClockRead): boolean {
  const release = known(window.last.host.kernelRelease);
  const architecture = known(window.last.host.architecture);
  if (fn !== 'clock_gettime' || isUnavailable(release) || isUnavailable(architecture)) return false;
  return mainlineServes(clockEntry(slot), architecture, release) === false;
}

/** None that CPU samples interrupted is not none. */
function readsThroughVdso(basis: Basis): Known<readonly ClockRead[]> {
  const reads = fastReads(basis);
  return reads.length > 0 ? reads : mapKnown(basis.witnessed, () => reads);
}
