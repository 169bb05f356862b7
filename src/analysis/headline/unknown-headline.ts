import type { Known } from '../../model/reading.ts';
import { allReads, type Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { windowSeconds } from '../coverage.ts';
import { judgeShare } from '../judge-reads.ts';
import { isUnavailable, known } from '../known.ts';
import { sharePhrase } from '../phrase.ts';
import { slowFrom } from '../slow-from.ts';
import { childrenPhrase } from './children-phrase.ts';
import { entriesPhrase } from './entries-phrase.ts';
import { entrySentence } from './entry-sentence.ts';
import { fastPhrase } from './fast-phrase.ts';
import type { Scene } from './scene.ts';

/** What is known, and what would have to be seen for a verdict. */
export function unknownHeadline(scene: Scene): string {
  const { basis, sight } = scene;
  if (isUnavailable(basis.counted)) return uncountedHeadline(basis, basis.counted);
  if (!sight.seesEntries && !sight.is64Bit) return not64BitHeadline(basis);
  const untold = allReads(basis).find((read) => judgeShare(read) === 'untold');
  if (untold !== undefined) return untoldHeadline(scene, untold);
  const unpriced = allReads(basis).find(({ coreShare }) => isUnavailable(coreShare));
  if (unpriced !== undefined) return `${entrySentence(scene, unpriced)}, so it cannot be judged`;
  // Where to look comes before why nothing is seen: a narrow screen cuts the end off.
  return `${entriesPhrase(basis, scene.verdict)}${childrenPhrase(basis)}; ${blindness(scene, basis.functions)}`;
}

function uncountedHeadline(basis: Basis, counted: Extract<Known<never>, { unavailable: string }>): string {
  const { last } = basis.window;
  // The first moment of a recording, and the first after an exec or a reset.
  if (!isUnavailable(known(last.entries)) && windowSeconds(basis) === 0)
    return 'No verdict yet: watching begins at this moment, and what is judged is the time from one moment to the next';
  const fast = fastPhrase({
    ...basis,
    clocks: basis.clocks.filter(({ served }) => !isUnavailable(served) && served.served),
  });
  const reason = `kernel entries are not counted (${counted.unavailable}: ${counted.detail})`;
  if (fast !== undefined) return `${fast}, but ${reason}`;
  return counted.unavailable === 'denied' ? notPermitted(basis, counted.detail) : `Not known: ${reason}`;
}

/** What can be put right leads, before what was tried and refused: rights are the first thing that is missing. */
function notPermitted({ window }: Basis, detail: string): string {
  const capabilities = known(window.last.host.capabilities);
  const without = !isUnavailable(capabilities) && capabilities.length === 0;
  return `Not permitted: ${without ? 'vdsotop runs unprivileged, and ' : ''}kernel entries are not counted (${detail})`;
}

function not64BitHeadline(basis: Basis): string {
  const kind =
    known(basis.window.last.target.bits) === 32 ? 'is a 32-bit process' : 'is not known to be a 64-bit process';
  return `Not known: the target ${kind}, and of its clock reads not enough can be seen`;
}

function untoldHeadline(scene: Scene, read: ClockRead): string {
  const limit = sharePhrase(slowFrom.entryShare);
  return `${entrySentence(scene, read)}; whether that is more than ${limit} of its reads cannot be told: ${blindness(scene, [read])}`;
}

/** `reads`: those that come into question. */
function blindness({ basis, sight: { seesCalls } }: Scene, reads: readonly ClockRead[]): string {
  const { witnessed, fastPath } = basis;
  if (isUnavailable(witnessed))
    return `reads through the vDSO cannot be seen (${witnessed.unavailable}: ${witnessed.detail})`;
  const unseen = reads.find(({ fn, hits }) => (fn === 'gettimeofday' || fn === 'time') && isUnavailable(hits));
  if (seesCalls && unseen !== undefined && isUnavailable(unseen.hits))
    return `${unseen.name} through the vDSO cannot be seen (${unseen.hits.unavailable}: ${unseen.hits.detail})`;
  const gone = fastPath.threadsNotLookedAt;
  if (seesCalls && gone > 0)
    return `${gone === 1 ? 'one thread' : `${gone} threads`} ended before calls of the vDSO could be watched there`;
  if (seesCalls && fastPath.earlyCores > 0) return 'what it called in the vDSO as it began was not watched';
  return seesCalls ? 'too few vDSO calls were watched' : 'reads through the vDSO have not been watched yet';
}
