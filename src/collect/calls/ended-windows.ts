import type { EntryFunction } from '../../model/clock-calls.ts';
import type { FastWindow } from '../../model/fast-reads.ts';
import type { BreakpointLook } from './breakpoint-look.ts';
import type { CaughtCall } from './caught-calls.ts';
import type { ThreadCalls, ThreadMoment } from './thread-calls.ts';

/** `functions`: by event of its plan. */
export interface ArmedThread {
  readonly tid: number;
  readonly calls: ThreadCalls;
  readonly functions: readonly EntryFunction[];
}

/** What the threads of a round saw. */
export interface EndedWindows {
  readonly windows: readonly FastWindow[];
  readonly looks: readonly BreakpointLook[];
  readonly lost: number;
}

/**
 * Ends a round; `windowOf` tells what one thread's arming says, and `offer` takes in the calls. All threads are disarmed
 * before the first is read. Of a process that called exec nothing counts but the cost. A window in which the kernel
 * held hits back, or whose counts could not be read, says nothing of how many there were.
 */
export function endWindows(
  armed: readonly ArmedThread[],
  stillRuns: (tid: number) => boolean,
  windowOf: (moment: ThreadMoment, functions: readonly EntryFunction[]) => FastWindow,
  offer: (calls: readonly CaughtCall[]) => void,
): EndedWindows {
  for (const { calls } of armed) calls.disarm();
  const windows: FastWindow[] = [];
  const looks: BreakpointLook[] = [];
  let lost = 0;
  for (const { tid, calls, functions } of armed) {
    const moment = calls.take();
    looks.push(lookOf(moment));
    if (!stillRuns(tid)) continue;
    offer(moment.calls);
    lost += moment.lost;
    if (moment.throttled || moment.lost > 0) continue;
    windows.push(windowOf(moment, functions));
  }
  return { windows, looks, lost };
}

function lookOf({ events, calls, counts, armedAtNs, disarmedAtNs, trappedUntilNs }: ThreadMoment): BreakpointLook {
  return events.map((state, event) => {
    const last = calls.findLast((call) => call.event === event);
    const until = state === 'used-up' ? (last?.atNs ?? armedAtNs) : disarmedAtNs;
    const hits = state === 'not-armed' ? 0 : (counts[event] ?? 0);
    return { hits, ms: msSince(armedAtNs, until), armedMs: msSince(armedAtNs, trappedUntilNs[event] ?? disarmedAtNs) };
  });
}

function msSince(fromNs: bigint, toNs: bigint): number {
  return Number(toNs - fromNs) / 1e6;
}
