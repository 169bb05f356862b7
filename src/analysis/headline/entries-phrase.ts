import type { Report } from '../../model/report.ts';
import { allReads, type Basis } from '../basis.ts';
import { windowSeconds } from '../coverage.ts';
import { entriesHiddenBy } from '../entries-hidden-by.ts';
import { shareValue } from '../facts/share-value.ts';
import { orElse } from '../known.ts';
import { namesPhrase, secondsPhrase, sharePhrase, timesPhrase } from '../phrase.ts';
import { isExact } from './is-exact.ts';

/** 'No clock read entered the kernel in 14 s', or how many did and that they cost nothing to speak of. */
export function entriesPhrase(basis: Basis, verdict: Report['verdict']): string {
  const seconds = secondsPhrase(windowSeconds(basis));
  const entering = allReads(basis)
    .filter(({ perSecond }) => orElse(perSecond, 0) > 0)
    .sort((a, b) => orElse(b.perSecond, 0) - orElse(a.perSecond, 0));
  if (entering.length === 0)
    return isExact(basis) && entriesHiddenBy(basis) === undefined
      ? `No clock read entered the kernel in ${seconds}`
      : `No kernel entry was counted in ${seconds}`;
  const rate = entering.reduce((sum, { perSecond }) => sum + orElse(perSecond, 0), 0);
  const share = entering.reduce((sum, read) => sum + shareValue(read), 0);
  const only = verdict === 'fast' ? 'only ' : '';
  const names = namesPhrase(entering.map(({ name }) => name));
  return `${names} entered the kernel ${only}${isExact(basis) ? '' : 'about '}${timesPhrase(rate, windowSeconds(basis))}, ${sharePhrase(share)} of a core`;
}
