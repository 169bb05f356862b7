import type { FastReadWitness, FastWindow } from '../../model/fast-reads.ts';
import type { Reading } from '../../model/reading.ts';
import { createThreadRunTimes } from '../process/thread-run-times.ts';
import { available } from '../reading.ts';
import type { ProcessOf } from '../tree/process-tree.ts';
import { countWindowOf } from './count-window.ts';
import { type ArmedThread, endWindows } from './ended-windows.ts';
import { createFastTally } from './fast-tally.ts';
import { fastWindowOf } from './fast-window.ts';
import { createLateCallers } from './late-callers.ts';
import type { PriceOfHits } from './price-of-hits.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { createRoundRunTimes } from './round-run-times.ts';
import { createSampleChoice } from './sample-choice.ts';
import type { VdsoPlan } from './vdso-plan.ts';
import { longestWaitMs, waitExactly } from './wait-exactly.ts';
import { createWatchedThreads } from './watched-threads.ts';
import { createWindowArming } from './window-arming.ts';
import { type WindowTurn, windowTurns } from './window-turns.ts';

export interface VdsoWindowsTarget {
  readonly pid: number;
  /** Where a thread's calls are to be caught; the same object as long as it is the same place. */
  readonly planOf: (tid: number) => VdsoPlan | undefined;
  /** Breakpoints of the plan that has most. */
  readonly events: number;
  /** Those that there is a plan for. */
  readonly threads: () => readonly number[];
  /** Of a tree of processes; absent: all are of `pid`. */
  readonly processes?: WatchedProcesses;
  /** Share of one core that hits may take from the target. */
  readonly budget: number;
  readonly hitPrice: PriceOfHits;
  /** What a round saw that only counted, and the calls that it told apart. */
  readonly onCounts: OnWindows;
  /** What a round saw that caught calls: its windows, and an even choice of the calls. */
  readonly onRound: OnWindows;
}

type OnWindows = (
  windows: readonly FastWindow[],
  samples: readonly RawCallSample[],
  lost: number,
  armedAtMs: number,
) => void;

/** Whose the threads of a tree are. */
export interface WatchedProcesses {
  readonly processOf: ProcessOf;
  /** Whether the process of a thread has run the same program since its plan was asked for. */
  readonly stillRuns: (tid: number) => boolean;
}

/**
 * Breakpoints on the vDSO functions of a few threads at a time, armed for a moment about once a second: in some moments they
 * catch each call with its registers and stack, in others they only count, which slows the callers less.
 */
export interface VdsoWindows {
  start(): void;
  read(): Reading<FastReadWitness>;
  /** Time taken from the target's threads so far, as counted and priced. */
  spentNs(): number;
  close(): void;
}

const threadsPerRound = 4;
/** Resolving a sample to a place costs us some 10 µs; shares within 5 points need about 900 of them in 20 s. */
const chosenPerClock = 64;
/** Of a window that counts it is a few callers that catching may not have seen. */
const chosenOfCounted = 16;
/** The first few come at fixed places of a burst, as the period has it: with fewer than this some callers are told too often. */
const leastOfCounted = 8;
const soonMs = 100;
/** In a long window it is looked so often whether a bound is used up. */
const lookMs = 25;

export function createVdsoWindows(target: VdsoWindowsTarget): VdsoWindows {
  const { processOf, stillRuns } = target.processes ?? { processOf: () => target.pid, stillRuns: () => true };
  const arming = createWindowArming(target.pid, target.planOf);
  const pick = createWatchedThreads(processOf, threadsPerRound);
  const turns = windowTurns(target);
  const tally = createFastTally();
  const threadRunTimes = createThreadRunTimes();
  const runTimes = createRoundRunTimes(processOf, target.pid, threadRunTimes);
  const callers = createLateCallers(processOf, target.pid, threadRunTimes);
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let armed: readonly ArmedThread[] = [];
  let armedAtMs = 0;
  let endsAtMs = 0;
  /** Not all threads of the round are looked at, since that would cost too much. */
  let isPartial = false;
  let closed = false;

  const later = (run: () => void, ms: number) => {
    if (!closed) timer = setTimeout(run, ms).unref();
  };
  const sinceStartMs = () => performance.now() - startedMs;
  const openRound = () => {
    const turn = turns.reduce((first, other) => (other.dueMs < first.dueMs ? other : first));
    const picked = pick(target.threads());
    const tids = anyOf(picked, turn.pace.threads(threadsPerRound));
    isPartial = tids.length < picked.length;
    const most = turn.pace.bounds();
    arming.nextRound(tids);
    runTimes.begin(tids);
    armedAtMs = performance.now();
    armed = arming.arm(tids, turn.catches, most);
    endsAtMs = performance.now() + turn.pace.windowMs();
    lookOn(turn);
  };
  const dropUsedUp = () => {
    for (const { calls } of armed) calls.dropUsedUp();
  };
  /** Windows of a few milliseconds, of which most are used up, are looked after by waitExactly. */
  const lookOn = (turn: WindowTurn) => {
    const leftMs = endsAtMs - performance.now();
    if (leftMs < longestWaitMs) return closeRound(turn);
    later(
      () => {
        dropUsedUp();
        lookOn(turn);
      },
      Math.min(leftMs, lookMs),
    );
  };
  const closeRound = (turn: WindowTurn) => {
    // Bursts come every 10, 20 or 100 ms: a window of just so many is met by each as often. What else there is to do would
    // make it a longer one, and calls in it the dearer.
    waitExactly(endsAtMs, dropUsedUp);
    const choice = createSampleChoice(turn.catches ? chosenPerClock : chosenOfCounted);
    const { windows, looks, lost } = endWindows(
      armed,
      stillRuns,
      turn.catches ? fastWindowOf : countWindowOf,
      (calls) => (turn.catches || calls.length >= leastOfCounted) && choice.offer(calls),
    );
    const { turns: switches, cpuOf } = runTimes.end();
    const wasArmed = armed.length > 0;
    armed = [];
    if (turn.catches) tally.add(windows);
    const timed = windows.map((window) => {
      const cpu = cpuOf(window.tid);
      return cpu === undefined ? window : { ...window, cpu };
    });
    callers.add(timed);
    (turn.catches ? target.onRound : target.onCounts)(timed, choice.chosen(), lost, armedAtMs);
    // Of some of the threads, none of which calls: those that do come next, at the same pace.
    const isElsewhere = isPartial && looks.every((look) => look.every(({ hits }) => hits === 0));
    const meanMs = turn.pace.after(isElsewhere ? [] : looks, switches, sinceStartMs());
    turn.dueMs = sinceStartMs() + (isElsewhere ? soonMs : meanMs * (0.5 + Math.random()));
    const nextMs = Math.min(...turns.map(({ dueMs }) => dueMs));
    if (wasArmed || arming.isPassing()) later(openRound, Math.max(0, nextMs - sinceStartMs()));
  };

  return {
    start() {
      if (timer === undefined) later(openRound, 0);
    },
    read() {
      const witness = tally.witness();
      if (witness.windows === 0) return arming.failure();
      const without = arming.refused();
      const all = { ...witness, callers: callers.read(), ...(without.length > 0 && { refused: without }) };
      return available(all, 'execution breakpoints on the vDSO');
    },
    spentNs: () => turns.reduce((sum, { pace }) => sum + pace.spentNs(), 0),
    close() {
      closed = true;
      clearTimeout(timer);
      armed = [];
      arming.close();
      threadRunTimes.close();
    },
  };
}

function anyOf(tids: readonly number[], count: number): readonly number[] {
  if (tids.length <= count) return tids;
  const from = Math.floor(Math.random() * tids.length);
  return Array.from({ length: count }, (_, at) => tids[(from + at) % tids.length] ?? 0);
}
