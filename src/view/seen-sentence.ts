import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import type { ClockRow } from './clock-rows.ts';
import { countsAreExact } from './clock-table.ts';
import { formatNs, formatPlural, isUnavailable, unavailableWord } from './format.ts';
import { formatShareInterval } from './format-limits.ts';
import { fastPart, readSplit } from './read-split.ts';

/** What was seen of the clock itself, before any cause; and where the two probes of its vDSO calls disagree. */
export function seenSentence(report: Report, clock: ClockRow): string {
  const seen = whatWasSeen(report, clock);
  return clock.probesDisagree === undefined ? seen : `${seen} ${disagreement(clock.probesDisagree)}`;
}

/** '81 k and 90 k calls a second': why the interval is as wide as it is. */
export function disagreement(probesDisagree: string): string {
  return `The two probes disagree: ${probesDisagree}; from–to holds both.`;
}

function whatWasSeen(report: Report, clock: ClockRow): string {
  const rate = clock.kernelEntriesPerSecond;
  const exact = countsAreExact(report);
  // The limits below say the same at length.
  if (isUnavailable(rate))
    return `${clock.name}: kernel entries ${report.limits.length > 0 ? unavailableWord(rate) : `cannot be counted: ${rate.detail}`}${fastToo(clock)}.`;
  if (rate > 0) return `${clock.name}: ${readSplit(clock, exact, report.coverage.windowSeconds)}${costOf(clock)}.`;
  if (clock.verdict === 'idle') return `${clock.name}: no read was seen in this window.`;
  return `${clock.name}: no kernel entry ${exact ? '' : 'was counted '}in this window${fastSeen(clock.fastCallsSeen)}${fastToo(clock)}${costOf(clock)}.`;
}

/** '; 298 ns each by syscall; 3 % (2.8–3.2) of a core, 0.4 % (0.2–0.7) in the vDSO'. */
function costOf({ ns, coreShare, fastCoreShare: fast, kernelEntriesPerSecond: rate }: ClockRow): string {
  const each = ns.syscall === undefined || rate === 0 ? '' : `; ${formatNs(ns.syscall.p50)} each by syscall`;
  const cost = isUnavailable(coreShare) || coreShare.high === 0 ? '' : `; ${formatShareInterval(coreShare)} of a core`;
  const ofIt =
    cost === '' || rate === 0 || isUnavailable(fast) || fast.value === 0
      ? ''
      : `, ${formatShareInterval(fast)} in the vDSO`;
  return each + cost + ofIt;
}

function fastToo(clock: ClockRow): string {
  return isUnavailable(clock.fastCallsPerSecond) || fastPart(clock) === '' ? '' : `; ${fastPart(clock)}`;
}

function fastSeen(seen: Known<number>): string {
  if (isUnavailable(seen)) return `; no fast read could be caught (${seen.detail})`;
  if (seen === 0) return '';
  return `; ${formatPlural(seen, 'read')} ${seen === 1 ? 'was' : 'were'} caught in the vDSO`;
}
