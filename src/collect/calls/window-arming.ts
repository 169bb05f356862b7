import type { RefusedFunction } from '../../model/fast-reads.ts';
import type { Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { breakpointRefusal } from './breakpoint-refusal.ts';
import { countingPeriods } from './counting-periods.ts';
import type { ArmedThread } from './ended-windows.ts';
import { noWindowYet } from './no-window-yet.ts';
import { createOpenThreads } from './open-threads.ts';
import { createRefusedFunctions } from './refused-functions.ts';
import type { VdsoPlan } from './vdso-plan.ts';

/** Sets the breakpoints of the threads of a round, and knows why where it cannot. */
export interface WindowArming {
  /** To be called once a round, before it begins, with those that it looks at. */
  nextRound(tids: readonly number[]): void;
  /** `bounds`: hits that each event of a plan may take. Those on which at least one was set. */
  arm(tids: readonly number[], catches: boolean, bounds: readonly number[]): readonly ArmedThread[];
  /** Why no thread was armed last. */
  failure(): Unavailable;
  /** The next round may not meet that failure. */
  isPassing(): boolean;
  /** Functions on which no breakpoint could be set in some thread. */
  refused(): readonly RefusedFunction[];
  close(): void;
}

export function createWindowArming(pid: number, planOf: (tid: number) => VdsoPlan | undefined): WindowArming {
  const open = createOpenThreads((tid) => planOf(tid)?.plan);
  const refused = createRefusedFunctions();
  let failure: Unavailable = noWindowYet;

  /** A thread that has ended is no reason. */
  const reasonOf = (result: number): Unavailable | undefined =>
    result < 0 && errnoName(result) !== 'ESRCH' ? breakpointRefusal(result, pid) : undefined;
  const armOne = (tid: number, catches: boolean, most: readonly number[]): readonly ArmedThread[] => {
    const thread = open.of(tid);
    const functions = planOf(tid)?.functions;
    if (thread === undefined || functions === undefined) return [];
    const { periods, bounds } = catches ? { periods: most.map(() => 1), bounds: most } : countingPeriods(most);
    const result = typeof thread === 'number' ? thread : thread.arm(periods, bounds);
    const errors = typeof thread === 'number' ? functions.map(() => thread) : thread.errors();
    refused.add(functions, errors.map(reasonOf));
    if (typeof thread !== 'number' && result > 0) {
      failure = noWindowYet;
      return [{ tid, calls: thread, functions }];
    }
    failure = reasonOf(result) ?? failure;
    return [];
  };

  return {
    nextRound: open.nextRound,
    arm: (tids, catches, bounds) => tids.flatMap((tid) => armOne(tid, catches, bounds)),
    failure: () => failure,
    isPassing: () => failure.unavailable === 'failed' || failure.unavailable === 'absent',
    refused: refused.read,
    close: open.close,
  };
}
