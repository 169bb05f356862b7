import type { CostSummary } from '../model/cost.ts';
import type { PriceNs } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import { isUnavailable, known, unavailable } from './known.ts';
import { paidByTarget } from './paid-by-target.ts';
import type { Priced, Prices } from './prices.ts';
import { shareInWindow } from './share-in-window.ts';

/** What vdsotop costs: itself in this window, and what it adds to the syscalls it counts and to those it does not. */
export function summarizeCost(basis: Basis): CostSummary {
  const { window, prices } = basis;
  return {
    coreShare: shareInWindow(window, ({ cpuTimeNs }) => cpuTimeNs),
    samplerCoreShare: shareInWindow(window, ({ samplerNs }) => samplerNs),
    rssBytes: window.last.cost.rssBytes,
    addedNsPerEntry: known(window.last.cost.addedNsPerEntry),
    addedNsPerOtherSyscall: addedToOthers(basis, prices),
    probesCoreShare: shareInWindow(window, ({ probesNs }) => probesNs),
    targetCoreShare: paidByTarget(basis),
  };
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
