import { allReads, type Basis } from '../basis.ts';
import { clockEntry, isNoClock } from '../clock-table.ts';
import { isUnseen } from '../is-unseen.ts';
import type { Judged } from '../judge-rules.ts';
import { isUnavailable, orElse } from '../known.ts';
import { namesPhrase } from '../phrase.ts';
import { hotShare } from '../rules/fast-but-hot.ts';
import { sampledTimeFunctions } from '../sampled-functions.ts';
import { entriesPhrase } from './entries-phrase.ts';
import { fastPhrase } from './fast-phrase.ts';
import type { Scene } from './scene.ts';

/** What stays in the vDSO, what entered all the same, and that nothing is wrong or what is. */
export function fastHeadline(scene: Scene): string {
  const { basis } = scene;
  const told = [entriesPhrase(basis, scene.verdict), fastPhrase(basis), untoldPhrase(basis)]
    .filter((part) => part !== undefined)
    .join('; ');
  return `${told}${conclusion(scene)}`;
}

/** What the clock id decides is no fault of the host; any other cause that holds is told, however little it costs. */
function conclusion({ basis, judged }: Scene): string {
  const failing = failingPhrase(basis);
  const fault = faultPhrase(judged, 'confirmed');
  if (fault !== undefined) return `${fault}${failing ?? ''}`;
  return (
    failing ??
    costPhrase(basis, judged) ??
    faultPhrase(judged, 'likely') ??
    unknownCost(basis, judged) ??
    ': nothing wrong with clock reads, look elsewhere'
  );
}

function faultPhrase(judged: readonly Judged[], verdict: 'confirmed' | 'likely'): string | undefined {
  const fault = judged.find(
    ({ finding, clause }) =>
      finding.role === 'cause' &&
      finding.verdict === verdict &&
      finding.id !== 'clock-never-in-vdso' &&
      clause !== undefined,
  );
  if (fault === undefined) return undefined;
  const clause = verdict === 'likely' ? `likely ${fault.clause}` : fault.clause;
  return fault.covers.length === 0 ? `, but ${clause}` : `: too little to matter, though ${clause}`;
}

/** Where their cost may be worth a word, 'nothing wrong, look elsewhere' would contradict what stands below it. */
function costPhrase({ fastPath }: Basis, judged: readonly Judged[]): string | undefined {
  const hot = hotOf(judged);
  const gone = fastPath.threadsNotLookedAt;
  const asked =
    gone > 0
      ? `how much of a core they took in ${gone === 1 ? 'a thread that' : `${gone} threads that`} soon ended is only bounded`
      : fastPath.earlyCores > 0
        ? 'how many there were as it began was not watched'
        : 'how much of a core they take needs a longer look';
  if (hot?.finding.verdict === 'unknown' && hot.finding.evidence.length > 0)
    return `: nothing wrong with clock reads seen yet; ${asked}`;
  if (hot?.clause === undefined) return undefined;
  return `; ${hot.finding.verdict === 'likely' ? 'likely' : 'possibly'} ${hot.clause}`;
}

function hotOf(judged: readonly Judged[]): Judged | undefined {
  return judged.find(({ finding }) => finding.id === 'fast-but-hot');
}

/**
 * Undefined where what their cost is has been judged, or the calls that were seen, and those of functions that nothing looked for,
 * can take no more than is worth a word.
 */
function unknownCost(basis: Basis, judged: readonly Judged[]): string | undefined {
  if (hotOf(judged)?.finding.verdict !== 'unknown') return undefined;
  const reads = allReads(basis).filter((read) => (read.tellsTime && orElse(read.hits, 0) > 0) || isUnseen(read));
  const most = reads.reduce((sum, { fastCoreShare: share }) => sum + (isUnavailable(share) ? Infinity : share.high), 0);
  if (most <= hotShare) return undefined;
  const { time } = basis.fastPath;
  const reason = isUnavailable(time) ? time : reads.find(isUnseen)?.hits;
  const why = isUnavailable(reason) ? ` (${reason.unavailable}: ${reason.detail})` : '';
  return `: nothing wrong with clock reads seen; how much of a core they take is not known${why}`;
}

/** What is read by an id that no clock has: cheap or not, none of these reads tells a time. */
function failingPhrase({ clocks }: Basis): string | undefined {
  const failing = clocks.some(({ slot, perSecond }) => isNoClock(clockEntry(slot)) && orElse(perSecond, 0) > 0);
  return failing ? '; reads of an id that no clock has fail, each of them, with EINVAL' : undefined;
}

/** 'clock_gettime() runs in the vDSO, of which clocks is not seen', where only CPU sampling saw it or its calls were but counted */
function untoldPhrase(basis: Basis): string | undefined {
  const sampled = fastPhrase(basis) === undefined ? sampledTimeFunctions(basis.fastPath.time) : [];
  const names = [...new Set([...sampled, ...(basis.callsNotTold > 0 ? ['clock_gettime()'] : [])])];
  if (names.length === 0) return undefined;
  return `${namesPhrase(names)} ${names.length === 1 ? 'runs' : 'run'} in the vDSO, of which clocks is not seen`;
}
