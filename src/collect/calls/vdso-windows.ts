import type { EntryFunction } from '../../model/clock-calls.ts';
import type { FastReadWitness, FastWindow } from '../../model/fast-reads.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { readThreadRunTime } from '../process/thread-run-times.ts';
import { available, isDenied, unavailable } from '../reading.ts';
import { type BreakpointLook, createBreakpointPace } from './breakpoint-pace.ts';
import { type CallEvent, encodeCallPlan } from './call-plan.ts';
import { createFastTally } from './fast-tally.ts';
import { fastWindowOf } from './fast-window.ts';
import { createOpenThreads } from './open-threads.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { createSampleChoice } from './sample-choice.ts';
import type { ThreadCalls, ThreadMoment } from './thread-calls.ts';
import { createWatchedThreads } from './watched-threads.ts';

export interface VdsoWindowsTarget {
  readonly pid: number;
  readonly breakpoints: readonly CallEvent[];
  readonly threads: () => readonly number[];
  /** Share of one core that hits may take from the target. */
  readonly budget: number;
  readonly nsPerHit: number;
  /** What a round saw: its windows, and an even choice of the calls. */
  readonly onRound: (windows: readonly FastWindow[], samples: readonly RawCallSample[], lost: number) => void;
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
  const { breakpoints, budget, nsPerHit } = target;
  const functions: readonly EntryFunction[] = breakpoints.map(({ fn }) => fn);
  const open = createOpenThreads(encodeCallPlan(breakpoints, 'vdso'));
  const pick = createWatchedThreads(() => target.pid, threadsPerRound);
  const pace = createBreakpointPace(budget, nsPerHit, breakpoints.length);
  const tally = createFastTally();
  const periods = functions.map(() => 1);
  const startedMs = performance.now();
  let failure: Unavailable = unavailable('absent', 'no moment of watching is over yet');
  let timer: NodeJS.Timeout | undefined;
  let armed: readonly ThreadCalls[] = [];
  let turnsBefore: ReadonlyMap<number, number> = new Map();
  let rounds = 0;
  let closed = false;

  const later = (run: () => void, ms: number) => {
    if (!closed) timer = setTimeout(run, ms).unref();
  };
  const turnsOf = (tids: readonly number[]) =>
    new Map(tids.map((tid) => [tid, readThreadRunTime(target.pid, tid)?.turns ?? 0]));
  const arm = (tid: number, bounds: readonly number[]): readonly ThreadCalls[] => {
    const thread = open.of(tid);
    if (thread === undefined) return [];
    const result = typeof thread === 'number' ? thread : thread.arm(periods, bounds);
    if (typeof thread !== 'number' && result > 0) return [thread];
    if (errnoName(result) !== 'ESRCH') failure = refusal(result, target.pid);
    return [];
  };
  const openRound = () => {
    const tids = anyOf(pick(target.threads()), pace.threads(threadsPerRound));
    const bounds = pace.bounds();
    open.nextRound(tids);
    turnsBefore = turnsOf(tids);
    armed = tids.flatMap((tid) => arm(tid, bounds));
    later(closeRound, pace.windowMs());
  };
  const closeRound = () => {
    const choice = createSampleChoice(rounds < firstRounds ? chosenPerClockAtFirst : chosenPerClock);
    const { windows, looks, lost } = harvest(armed, functions, choice.offer);
    const turns = turnsSince(turnsBefore, turnsOf(armed.map(({ tid }) => tid)));
    armed = [];
    rounds += 1;
    tally.add(windows);
    target.onRound(windows, choice.chosen(), lost);
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

/** All are disarmed before the first is read. A window in which the kernel held hits back says nothing of how many there were. */
function harvest(
  armed: readonly ThreadCalls[],
  functions: readonly EntryFunction[],
  offer: ReturnType<typeof createSampleChoice>['offer'],
) {
  for (const thread of armed) thread.disarm();
  const windows: FastWindow[] = [];
  const looks: BreakpointLook[] = [];
  let lost = 0;
  for (const thread of armed) {
    const moment = thread.take();
    offer(moment.calls);
    lost += moment.lost;
    looks.push(lookOf(moment));
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
