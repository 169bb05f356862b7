import { errnoName } from '../../native/errno-name.ts';
import { type CallPlan, openThreadCalls, type ThreadCalls } from './thread-calls.ts';

/** Keeps the events of the threads that are looked at open from one moment to the next. */
export interface OpenThreads {
  /** The events of a thread; undefined when it has ended, a negative errno when it is refused. */
  of(tid: number): ThreadCalls | number | undefined;
  /** To be called once a round, with those that it looks at: threads that none has for long, or that ended, are closed. */
  nextRound(tids: readonly number[]): void;
  close(): void;
}

/** Opening costs some 50 µs, being open a ring of 128 or 256 kB. */
const roundsKept = 4;

/** `planOf`: of a thread; the same object as long as it is the same plan. None: it is not to be looked at. */
export function createOpenThreads(planOf: (tid: number) => CallPlan | undefined): OpenThreads {
  const opened = new Map<number, { readonly plan: CallPlan; readonly calls: ThreadCalls; round: number }>();
  let round = 0;

  const shut = (tid: number) => {
    opened.get(tid)?.calls.close();
    opened.delete(tid);
  };

  return {
    of(tid) {
      const plan = planOf(tid);
      const known = opened.get(tid);
      if (known !== undefined && known.plan === plan) {
        known.round = round;
        return known.calls;
      }
      shut(tid);
      if (plan === undefined) return undefined;
      const calls = openThreadCalls(plan, tid);
      if (typeof calls === 'number') return errnoName(calls) === 'ESRCH' ? undefined : calls;
      opened.set(tid, { plan, calls, round });
      return calls;
    },
    nextRound(tids) {
      round += 1;
      const wanted = new Set(tids);
      for (const [tid, { round: last }] of opened) if (!wanted.has(tid) && round - last > roundsKept) shut(tid);
    },
    close() {
      for (const tid of [...opened.keys()]) shut(tid);
    },
  };
}
