import type { Interval } from '../../model/interval.ts';
import type { PriceNs } from '../../model/prices.ts';
import type { Known } from '../../model/reading.ts';
import { allReads, type Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { fastReads } from '../fast-reads.ts';
import { type HeldUpReads, heldUpReads } from '../held-up-reads.ts';
import { isUnseen } from '../is-unseen.ts';
import { isUnavailable, mapKnown, orElse, unavailable } from '../known.ts';
import { legacyPrices, type PathPrices } from '../legacy-prices.ts';
import { unwatchedPrice } from '../prices.ts';
import { onlyTimeFunctions } from '../sampled-functions.ts';
import { type SampledReads, sampleReads } from '../sampled-reads.ts';
import { stayingShare } from '../staying-share.ts';
import { measuredPrecise, nullSyscallPrice, type ServedClock } from '../vdso-service.ts';
import type { WitnessedCalls } from '../witnessed-calls.ts';
import { type EnteredReads, enteredReads } from './entered-reads.ts';
import type { Facts } from './facts.ts';
import { hasEntered } from './has-entered.ts';
import { patchedVdso } from './patched-vdso.ts';
import { preciseReads } from './precise-reads.ts';
import { sparedHere, sparedReads } from './spared-reads.ts';

/** Readings that rules ask for as analysis made them of what was collected. */
export interface DerivedReadings {
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
  /** Whether something has written to it, in any process that is watched. */
  readonly 'patched vDSO': boolean;
  readonly 'precise clocks of the vDSO': readonly ServedClock[];
  readonly 'price of a null syscall': PriceNs;
  readonly 'price of a counter read': PriceNs;
  readonly 'price of a vDSO read': PriceNs;
  readonly 'reads held up': HeldUpReads;
  /** Where reads enter the kernel or the vDSO, as sampled; unavailable too while entries are counted and none sampled. */
  readonly 'call sites': SampledReads;
  /** Part of one core that the target spends in its vDSO on clock reads that stay there, by CPU sampling. */
  readonly 'core share of the vDSO': Interval;
  /** Reads that were caught calling the vDSO and that it serves, the most caught first. */
  readonly 'reads through the vDSO': readonly ClockRead[];
  /** Functions of the vDSO that CPU sampling found telling the time, where it found nothing else there. */
  readonly 'functions sampled in the vDSO': readonly string[];
  /** By vDSO: of MONOTONIC_COARSE, which stands for the other too. */
  readonly 'price of a coarse read': PriceNs;
}

export function derivedFacts(basis: Basis): Facts<DerivedReadings> {
  return {
    'kernel entries': enteredReads(basis, () => true),
    'entries of precise clocks': preciseReads(basis),
    'entries a healthy vDSO spares': sparedReads(basis),
    "entries this host's vDSO spares": sparedHere(basis),
    'legacy vsyscalls': enteredReads(basis, ({ fn }) => fn.startsWith('vsyscall_')),
    'prices of the legacy page': legacyPrices(basis),
    'vDSO calls': basis.witnessed,
    'patched vDSO': patchedVdso(basis),
    'call sites': callSites(basis),
    'core share of the vDSO': stayingShare(basis),
    'reads through the vDSO': readsThroughVdso(basis),
    'functions sampled in the vDSO': onlyTimeFunctions(basis.fastPath.time),
    'price of a coarse read': unwatchedPrice(basis.prices, { call: 'clock_gettime', clockId: 6, path: 'vdso' }),
    'precise clocks of the vDSO': measuredPrecise(basis.service),
    'price of a null syscall': nullSyscallPrice(basis.prices),
    'price of a counter read': unwatchedPrice(basis.prices, { call: 'counter', path: 'raw' }),
    'price of a vDSO read': unwatchedPrice(basis.prices, { call: 'clock_gettime', clockId: 1, path: 'vdso' }),
    'reads held up': heldUpReads(basis.window),
  };
}

function callSites(basis: Basis): Known<SampledReads> {
  const sampled = sampleReads(basis);
  if (isUnavailable(sampled) || sampled.kernel.size > 0 || !allReads(basis).some(hasEntered)) return sampled;
  return unavailable('absent', 'no kernel entry has been sampled in this window');
}

/** None that CPU samples interrupted is not none, nor are those that may stay there for all that is known. */
function readsThroughVdso(basis: Basis): Known<readonly ClockRead[]> {
  const reads = fastReads(basis);
  if (reads.length > 0) return reads;
  const untold = allReads(basis).find(
    ({ hits, served, tellsTime }) => tellsTime && orElse(hits, 0) > 0 && isUnavailable(served),
  );
  if (untold !== undefined && isUnavailable(untold.served)) return untold.served;
  if (basis.callsNotTold > 0) return unavailable('absent', 'calls of clock_gettime() were only counted so far');
  const unseen = allReads(basis).find(isUnseen);
  if (unseen !== undefined && isUnavailable(unseen.hits)) return unseen.hits;
  return mapKnown(basis.witnessed, () => reads);
}
