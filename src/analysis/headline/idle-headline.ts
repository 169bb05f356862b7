import type { Window } from '../../model/snapshot.ts';
import { allReads, type Basis } from '../basis.ts';
import { windowSeconds } from '../coverage.ts';
import { isUnavailable, orElse } from '../known.ts';
import { lacksVdso } from '../lacks-vdso.ts';
import { digits, secondsPhrase } from '../phrase.ts';
import { childrenPhrase } from './children-phrase.ts';
import { entriesPhrase } from './entries-phrase.ts';
import type { Scene } from './scene.ts';

/** That nothing was read, and how far that was seen. */
export function idleHeadline({ basis, verdict }: Scene): string {
  const seconds = secondsPhrase(windowSeconds(basis));
  const noCall = `${callsPhrase(basis)}${childrenPhrase(basis)}`;
  const entered = allReads(basis).some(({ perSecond }) => orElse(perSecond, 0) > 0);
  if (entered) return `No clock was read as far as is seen: ${entriesPhrase(basis, verdict)}, and ${noCall}`;
  return `No clock read was seen in ${seconds}: no kernel entry, and ${noCall}`;
}

/** Windows that only count look as well. */
function countedSeconds({ fastCounts }: Window): number {
  return fastCounts.reduce((sum, { armedMs }) => sum + armedMs / 1_000, 0);
}

function callsPhrase({ window, witnessed }: Basis): string {
  if (lacksVdso(window) || isUnavailable(witnessed)) return 'there is no [vdso] to call';
  const counted = window.fastCounts.some(({ functions }) => functions.some(({ hits }) => hits.length > 0));
  const called = counted || witnessed.hits.some(({ count }) => count > 0);
  return `no vDSO call ${called ? 'that tells a time ' : ''}in ${digits(witnessed.armedThreadSeconds + countedSeconds(window))} s of watched thread time`;
}
