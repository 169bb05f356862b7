import type { CostSummary } from '../model/cost.ts';
import type { PriceNs } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { allReads, type Basis } from './basis.ts';
import { isUnavailable, known, mapKnown, orElse, sumKnown, unavailable } from './known.ts';
import type { Priced, Prices } from './prices.ts';

/** What vdsotop costs: itself in this window, and what it adds to the syscalls it counts and to those it does not. */
export function summarizeCost(basis: Basis): CostSummary {
  const { window, prices } = basis;
  const addedNsPerEntry = known(window.last.cost.addedNsPerEntry);
  return {
    coreShare: shareOf(window, ({ cpuTimeNs }) => cpuTimeNs),
    samplerCoreShare: shareOf(window, ({ samplerNs }) => samplerNs),
    rssBytes: window.last.cost.rssBytes,
    addedNsPerEntry,
    addedNsPerOtherSyscall: addedToOthers(basis, prices),
    probesCoreShare: shareOf(window, ({ probesNs }) => probesNs),
    targetCoreShare: paidByTarget(basis, addedNsPerEntry),
  };
}

/** Of the window; before there is one, of all the time since attach, of which most goes into attaching. */
function shareOf({ first, last }: Window, timeNs: (cost: Window['last']['cost']) => number): number {
  const windowNs = (last.elapsedMs - first.elapsedMs) * 1e6;
  if (windowNs > 0) return Math.max(0, timeNs(last.cost) - timeNs(first.cost)) / windowNs;
  const sinceAttachNs = last.elapsedMs * 1e6;
  return sinceAttachNs > 0 ? timeNs(last.cost) / sinceAttachNs : 0;
}

const nullSyscall: Priced = { call: 'null_syscall', path: 'syscall' };

function addedToOthers({ counted }: Basis, prices: Prices): Known<number> {
  if (isUnavailable(counted)) return unavailable('absent', 'nothing is attached to syscalls');
  const watched = prices.watched(nullSyscall);
  const unwatched = prices.unwatched(nullSyscall);
  if (watched === undefined || unwatched === undefined)
    return unavailable('absent', 'a null syscall was not timed both before and while watching');
  return addedNs(watched, unwatched);
}

function addedNs(watched: PriceNs, unwatched: PriceNs): Known<number> {
  const added = watched.p50 - unwatched.p50;
  return added > 0 ? added : unavailable('failed', 'what it adds is lost in the noise of the two prices');
}

function paidByTarget(basis: Basis, addedNsPerEntry: Known<number>): Known<number> {
  const rate = sumKnown(allReads(basis).map(({ perSecond }) => perSecond));
  if (!isUnavailable(rate) && rate === 0) return 0;
  if (isUnavailable(addedNsPerEntry)) return addedNsPerEntry;
  return mapKnown(rate, (perSecond) => (perSecond * orElse(addedNsPerEntry, 0)) / 1e9);
}
