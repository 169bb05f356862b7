import type { Report } from '../model/report.ts';
import type { Condition } from './condition.ts';
import { type Evaluation, evaluate } from './evaluate.ts';

/** Follows a condition from report to report. */
export interface Holding {
  /** `atSeconds` goes forward, by a monotonic clock. Answers whether the condition has now held for as long as it asks. */
  follow(report: Report, atSeconds: number): Evaluation & { readonly fulfilled: boolean };
}

/** What is unknown for a moment ends the stretch in which it held: it cannot be said to have held throughout. */
export function createHolding({ test, forSeconds }: Condition): Holding {
  let sinceSeconds: number | undefined;
  return {
    follow(report, atSeconds) {
      const evaluation = evaluate(test, report);
      if (evaluation.holds !== 'yes') sinceSeconds = undefined;
      else sinceSeconds ??= atSeconds;
      const fulfilled = sinceSeconds !== undefined && atSeconds - sinceSeconds >= forSeconds;
      return { ...evaluation, fulfilled };
    },
  };
}
