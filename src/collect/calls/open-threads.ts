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

export function createOpenThreads(plan: CallPlan): OpenThreads {
  const opened = new Map<number, { readonly calls: ThreadCalls; round: number }>();
  let round = 0;

  const shut = (tid: number) => {
    opened.get(tid)?.calls.close();
    opened.delete(tid);
  };

  return {
    of(tid) {
      const known = opened.get(tid);
      if (known !== undefined) {
        known.round = round;
        return known.calls;
      }
      const calls = openThreadCalls(plan, tid);
      if (typeof calls === 'number') return errnoName(calls) === 'ESRCH' ? undefined : calls;
      opened.set(tid, { calls, round });
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
