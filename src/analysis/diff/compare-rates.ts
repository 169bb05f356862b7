import type { NumberChange } from '../../model/difference.ts';
import type { Known } from '../../model/reading.ts';
import { isUnavailable } from '../known.ts';
import type { EntryRate } from './entry-rates.ts';
import { judgeRatio, ratioInterval } from './judge-ratio.ts';
import { standardErrors, studentErrors } from './significance.ts';

/** So many entries would have been met by chance as often as four standard errors are passed: e^-10.4. */
const silentCount = 10.4;

/** Exact counts differ for certain, and the question is by more than the program's own unevenness; of others nothing is told. */
export function compareRates(before: Known<EntryRate>, after: Known<EntryRate>): NumberChange {
  const values = { before: perSecond(before), after: perSecond(after) };
  if (isUnavailable(before) || isUnavailable(after))
    return { ...values, verdict: 'cannot-tell', reason: 'kernel entries were not counted on both sides' };
  if (!before.exact || !after.exact)
    return { ...values, verdict: 'cannot-tell', reason: 'kernel entries were not counted exactly on both sides' };
  if (before.count === 0 && after.count === 0) return { ...values, verdict: 'same' };
  if (before.count === 0 || after.count === 0) return { ...values, ...againstNone(before, after) };
  const log = Math.log(after.perSecond / before.perSecond);
  const error = Math.hypot(before.relativeError, after.relativeError);
  const half = studentErrors(freedomOf(before, after)) * error;
  const verdict = judgeRatio({ log, half });
  const reason =
    verdict === 'cannot-tell' ? { reason: 'the rate was too uneven, or watched for too short a time' } : {};
  return { ...values, ratio: ratioInterval({ log, half }), verdict, ...reason };
}

function perSecond(rate: Known<EntryRate>): Known<number> {
  return isUnavailable(rate) ? rate : rate.perSecond;
}

/** Welch and Satterthwaite's, of a sum of two variances. */
function freedomOf(before: EntryRate, after: EntryRate): number {
  const [one, other] = [before.relativeError ** 2, after.relativeError ** 2];
  const both = one ** 2 / before.freedom + other ** 2 / after.freedom;
  return both > 0 ? (one + other) ** 2 / both : 1;
}

/** None on one side: changed where at the other side's rate, at its lowest, some must have been met. */
function againstNone(before: EntryRate, after: EntryRate): Pick<NumberChange, 'verdict' | 'reason'> {
  const [none, some] = before.count === 0 ? [before, after] : [after, before];
  const lowest = some.perSecond / Math.exp(studentErrors(some.freedom) * some.relativeError);
  const fewest = some.count - standardErrors * Math.sqrt(some.count);
  if (lowest * none.seconds > silentCount && fewest > 0) return { verdict: 'changed' };
  return { verdict: 'cannot-tell', reason: 'so few entries, or so uneven, may be none in another stretch by chance' };
}
