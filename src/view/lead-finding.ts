import type { Finding, FindingVerdict } from '../model/findings.ts';
import type { Report } from '../model/report.ts';
import type { ClockRow } from './clock-rows.ts';
import { isUnavailable } from './format.ts';

/** How well a cause stands; one that is ruled out or unknown does not. */
const standing: Readonly<Partial<Record<FindingVerdict, number>>> = { confirmed: 0, likely: 1, possible: 2 };

/** Whether it is held to be so, surely or perhaps. */
export function isStanding({ verdict }: Finding): boolean {
  return verdict in standing;
}

/**
 * The cause that explains the clock best: the best proven one, one about this very clock before one about the whole
 * host, else in the order of the report. A clock on the fast path needs a cause of its own: coarse clocks stay fast
 * where the host has none to offer for the others. For a slow clock, rather a cause that cannot be judged than none.
 */
export function leadFinding(report: Report, clock: ClockRow | undefined): Finding | undefined {
  const able = findingsAbout(report, clock).filter((finding) => mayExplain(finding, clock));
  const rank = (finding: Finding) => (standing[finding.verdict] ?? 9) * 2 + (isOwn(finding) ? 0 : 1);
  const best = able.filter(isStanding).toSorted((one, other) => rank(one) - rank(other))[0];
  return best ?? (clock?.verdict === 'slow' ? able.find(({ verdict }) => verdict === 'unknown') : undefined);
}

/** Whether it says of which clocks it speaks. */
export function isOwn({ clock: about, covers }: Finding): boolean {
  return about !== undefined || covers.length > 0;
}

/** The one cause of a cost that is none of slow reads: it is about the clocks read in the vDSO, and no others. */
const costOfFastReads = 'fast-but-hot';

/** A clock on the fast path needs a cause of its own, and one that was not read needs none. */
export function mayExplain({ id, role, clock: about, covers }: Finding, clock: ClockRow | undefined): boolean {
  if (role !== 'cause' || clock?.verdict === 'idle') return false;
  if (clock === undefined) return true;
  if (covers.length > 0 && !covers.includes(clock.name)) return false;
  if (id === costOfFastReads) return clock.verdict === 'fast' && isReadFast(clock);
  return clock.verdict !== 'fast' || about !== undefined;
}

function isReadFast({ fastCallsSeen, fastCallsPerSecond }: ClockRow): boolean {
  if (!isUnavailable(fastCallsSeen) && fastCallsSeen > 0) return true;
  return !isUnavailable(fastCallsPerSecond) && fastCallsPerSecond.low > 0;
}

/** What is said of the whole target or host, and of this clock: what is said of other clocks alone explains nothing of it. */
export function findingsAbout({ findings }: Report, clock: ClockRow | undefined): readonly Finding[] {
  if (clock === undefined) return findings.filter((finding) => finding.clock === undefined);
  const names = [clock.name, clock.name.replace('()', '')];
  return findings.filter(({ clock: about, covers }) =>
    about === undefined ? covers.length === 0 || covers.includes(clock.name) : names.includes(about),
  );
}
