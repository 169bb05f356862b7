import { whyNoBreakpoints } from '../collect/calls/skip-without-breakpoints.ts';
import { why32BitCannotRun } from '../programs/skip-unless-runs.ts';
import type { Target } from './target.ts';

/** Why this host cannot have such a target, or cannot see what is expected of it; undefined where it can. */
export function whyNotHere(target: Target): string | undefined {
  const { bits, verdict, callers = [], fastPerSecond } = target.expected;
  const wantsCalls = verdict === 'fast' || fastPerSecond !== undefined || callers.some(({ side }) => side === 'vdso');
  return (
    target.notHere?.() ?? (bits === 32 ? why32BitCannotRun() : undefined) ?? (wantsCalls ? whyNoBreakpoints : undefined)
  );
}
