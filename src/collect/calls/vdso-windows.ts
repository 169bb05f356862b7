import type { EntryFunction } from '../../model/clock-calls.ts';
import type { FastReadWitness, FastWindow } from '../../model/fast-reads.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { readThreadRunTime } from '../process/thread-run-times.ts';
import { available, isDenied, unavailable } from '../reading.ts';
import type { ProcessOf } from '../tree/process-tree.ts';
import { type BreakpointLook, createBreakpointPace } from './breakpoint-pace.ts';
import { createFastTally } from './fast-tally.ts';
import { fastWindowOf } from './fast-window.ts';
import { createOpenThreads } from './open-threads.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { createSampleChoice } from './sample-choice.ts';
import type { ThreadCalls, ThreadMoment } from './thread-calls.ts';
import type { VdsoPlan } from './vdso-plan.ts';
import { createWatchedThreads } from './watched-threads.ts';

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
  readonly nsPerHit: number;
  /** What a round saw: its windows, and an even choice of the calls. */
  readonly onRound: (
    windows: readonly FastWindow[],
    samples: readonly RawCallSample[],
    lost: number,
    armedAtMs: number,
  ) => void;
}

/** Whose the threads of a tree are. */
export interface WatchedProcesses {
  readonly processOf: ProcessOf;
  /** Whether the process of a thread has run the same program since its plan was asked for. */
  readonly stillRuns: (tid: number) => boolean;
}

/** Breakpoints on the vDSO functions of a few threads at a time, armed for a moment about once a second. */
export interface VdsoWindows {
  start(): void;
  read(): Reading<FastReadWitness>;
  /** Time taken from the target's threads so far, as counted and priced. */
  spentNs(): number;
  close(): void;
}

const threadsPerRound = 4;
/** Resolving a sample to a place costs us some 10 µs; shares within 5 points need about 900 of them in 20 s. */
const chosenPerClock = 24;
const chosenPerClockAtFirst = 32;
const firstRounds = 8;

export function createVdsoWindows(target: VdsoWindowsTarget): VdsoWindows {
  const { planOf, budget, nsPerHit } = target;
  const { processOf, stillRuns } = target.processes ?? { processOf: () => target.pid, stillRuns: () => true };
  const open = createOpenThreads((tid) => planOf(tid)?.plan);
  const pick = createWatchedThreads(processOf, threadsPerRound);
  const pace = createBreakpointPace(budget, nsPerHit, target.events);
  const tally = createFastTally();
  const periods = Array.from({ length: target.events }, () => 1);
  const startedMs = performance.now();
  let failure: Unavailable = unavailable('absent', 'no moment of watching is over yet');
  let timer: NodeJS.Timeout | undefined;
  let armed: readonly ArmedThread[] = [];
  let armedAtMs = 0;
  let turnsBefore: ReadonlyMap<number, number> = new Map();
  let rounds = 0;
  let closed = false;

  const later = (run: () => void, ms: number) => {
    if (!closed) timer = setTimeout(run, ms).unref();
  };
  const turnsOf = (tids: readonly number[]) =>
    new Map(tids.map((tid) => [tid, readThreadRunTime(processOf(tid) ?? target.pid, tid)?.turns ?? 0]));
  const arm = (tid: number, bounds: readonly number[]): readonly ArmedThread[] => {
    const thread = open.of(tid);
    const functions = planOf(tid)?.functions;
    if (thread === undefined || functions === undefined) return [];
    const result = typeof thread === 'number' ? thread : thread.arm(periods, bounds);
    if (typeof thread !== 'number' && result > 0) return [{ tid, calls: thread, functions }];
    if (errnoName(result) !== 'ESRCH') failure = refusal(result, target.pid);
    return [];
  };
  const openRound = () => {
    const tids = anyOf(pick(target.threads()), pace.threads(threadsPerRound));
    const bounds = pace.bounds();
    open.nextRound(tids);
    turnsBefore = turnsOf(tids);
    armedAtMs = performance.now();
    armed = tids.flatMap((tid) => arm(tid, bounds));
    later(closeRound, pace.windowMs());
  };
  const closeRound = () => {
    const choice = createSampleChoice(rounds < firstRounds ? chosenPerClockAtFirst : chosenPerClock);
    const { windows, looks, lost } = harvest(armed, stillRuns, choice.offer);
    const turns = turnsSince(turnsBefore, turnsOf(armed.map(({ tid }) => tid)));
    armed = [];
    rounds += 1;
    tally.add(windows);
    target.onRound(windows, choice.chosen(), lost, armedAtMs);
    const meanMs = pace.after(looks, turns, performance.now() - startedMs);
    if (windows.length > 0 || isPassing(failure)) later(openRound, meanMs * (0.5 + Math.random()));
  };

  return {
    start() {
      if (timer === undefined) openRound();
    },
    read() {
      const witness = tally.witness();
      return witness.windows === 0 ? failure : available(witness, 'execution breakpoints on the vDSO');
    },
    spentNs: () => pace.spentNs(),
    close() {
      closed = true;
      clearTimeout(timer);
      armed = [];
      open.close();
    },
  };
}

/** `functions`: by event of its plan. */
interface ArmedThread {
  readonly tid: number;
  readonly calls: ThreadCalls;
  readonly functions: readonly EntryFunction[];
}

/** All are disarmed before the first is read. Of a process that called exec nothing counts but the cost. A window in which the kernel held hits back says nothing of how many there were. */
function harvest(
  armed: readonly ArmedThread[],
  stillRuns: (tid: number) => boolean,
  offer: ReturnType<typeof createSampleChoice>['offer'],
) {
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
    if (!moment.throttled && moment.lost === 0) windows.push(fastWindowOf(moment, functions));
  }
  return { windows, looks, lost };
}

function anyOf(tids: readonly number[], count: number): readonly number[] {
  if (tids.length <= count) return tids;
  const from = Math.floor(Math.random() * tids.length);
  return Array.from({ length: count }, (_, at) => tids[(from + at) % tids.length] ?? 0);
}

/** Of threads that were there both times. */
function turnsSince(before: ReadonlyMap<number, number>, now: ReadonlyMap<number, number>): number {
  return [...now].reduce((sum, [tid, turns]) => sum + Math.max(0, turns - (before.get(tid) ?? turns)), 0);
}

function lookOf({ events, calls, armedAtNs, disarmedAtNs }: ThreadMoment): BreakpointLook {
  return events.map((state, event) => {
    const own = calls.filter((call) => call.event === event);
    const until = state === 'used-up' ? (own.at(-1)?.atNs ?? armedAtNs) : disarmedAtNs;
    return { hits: own.length, ms: Number(until - armedAtNs) / 1e6 };
  });
}

function refusal(result: number, pid: number): Unavailable {
  const code = errnoName(result);
  if (code === 'ENOSPC' || code === 'EBUSY')
    return unavailable('failed', 'busy: the debug registers are taken by a debugger or another profiler');
  if (isDenied(code)) return deniedCall('an execution breakpoint on the vDSO', code, ['PERFMON'], pid);
  return unavailable('unsupported', `an execution breakpoint on the vDSO answered ${code}`);
}

/** A refusal that the next round may not meet. */
function isPassing({ unavailable: reason }: Unavailable): boolean {
  return reason === 'failed' || reason === 'absent';
}
