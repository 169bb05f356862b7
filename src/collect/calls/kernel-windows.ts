import type { EntryTotals } from '../../model/entries.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { isDenied, unavailable } from '../reading.ts';
import type { ProcessOf } from '../tree/process-tree.ts';
import { createBusyThreads } from './busy-threads.ts';
import { encodeCallPlan } from './call-plan.ts';
import { busiestEntering } from './entering-threads.ts';
import { type EntryPace, entryPace } from './entry-pace.ts';
import { createEntryRates, type EntryRate } from './entry-rates.ts';
import { kernelCallGroup } from './kernel-call-event.ts';
import { createOpenThreads, type OpenThreads } from './open-threads.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { createSampleChoice } from './sample-choice.ts';
import type { ThreadCalls } from './thread-calls.ts';
import { createWatchedEntries } from './watched-entries.ts';
import { createWatchedThreads } from './watched-threads.ts';

export interface KernelWindowsTarget {
  readonly pid: number;
  readonly bits: 32 | 64;
  readonly threads: () => readonly number[];
  /** Whether a thread that entries are laid to is to be looked at; absent: all are. */
  readonly isOf?: (tid: number) => boolean;
  /** Of a tree of processes; absent: all are of `pid`. */
  readonly processOf?: ProcessOf;
  /** Which threads a round looks at, at most so many; absent: those that enter most. */
  readonly choose?: (rates: readonly EntryRate[], most: number) => readonly number[];
  /** `armedAtMs`: when the first of them can have been caught, by our monotonic clock. */
  readonly onRound: (samples: readonly RawCallSample[], lost: number, armedAtMs: number) => void;
}

/** Samples where the threads that enter most do so: a few entries spread over a moment, about once a second. */
export interface KernelWindows {
  /** Tells what has entered so far: what never did is not looked for. */
  follow(entries: Reading<EntryTotals>): void;
  /** Why entries cannot be sampled, as was last seen. */
  failure(): Unavailable | undefined;
  close(): void;
}

const threadsPerRound = 4;
/** Where entries are laid to no thread, and others than the busiest come up too. */
const threadsToChooseFrom = 16;
const roundMs = 1_000;
const hurriedRoundMs = 150;
const hurriedRounds = 12;
const chosenPerClock = 16;
const chosenPerClockAtFirst = 24;
export function createKernelWindows(target: KernelWindowsTarget): KernelWindows {
  const { pid, bits, choose = busiestEntering } = target;
  const ratesSince = createEntryRates();
  const { processOf = () => pid, isOf = () => true } = target;
  const unattributed =
    target.choose === undefined
      ? createBusyThreads(processOf, threadsPerRound)
      : createWatchedThreads(processOf, threadsToChooseFrom);
  const watched = createWatchedEntries(bits);
  let open: OpenThreads | undefined;
  let rates: readonly EntryRate[] = [];
  /** Why nothing was counted, or no thread was armed, the last time. */
  let uncounted: Unavailable | undefined;
  let unarmed: Unavailable | undefined;
  let timer: NodeJS.Timeout | undefined;
  let armed: readonly ThreadCalls[] = [];
  let pace: EntryPace | undefined;
  let armedAtMs = 0;
  let rounds = 0;
  let closed = false;

  const groupOf = (rate: Pick<EntryRate, 'fn' | 'slot'>) => kernelCallGroup(bits, rate);
  const later = (run: () => void, ms: number) => {
    if (!closed) timer = setTimeout(run, ms).unref();
  };
  /** Another set of events is another plan, with which the threads are opened anew; between rounds only. */
  const replan = () => {
    if (!watched.follow(rates, performance.now())) return;
    open?.close();
    const plan = encodeCallPlan(watched.events(), 'kernel');
    open = createOpenThreads(() => plan);
  };
  const arm = (tid: number, { periods, bounds }: EntryPace): readonly ThreadCalls[] => {
    const thread = open?.of(tid);
    if (thread === undefined) return [];
    const result = typeof thread === 'number' ? thread : thread.arm(periods, bounds);
    if (typeof thread !== 'number' && result > 0) return [thread];
    if (errnoName(result) !== 'ESRCH') unarmed = refusal(result, pid);
    return [];
  };
  const openRound = () => {
    replan();
    const tids = choose(rates, threadsPerRound);
    const perMs = watched.groups().map((group) => mostOf(rates.filter((rate) => groupOf(rate) === group)));
    if (perMs.every((rate) => rate === 0)) return later(openRound, hurriedRoundMs);
    open?.nextRound(tids);
    const next = entryPace(perMs, Math.random);
    pace = { ...next, bounds: next.bounds.map((bound, event) => ((perMs[event] ?? 0) > 0 ? bound : 0)) };
    const chosen = pace;
    armedAtMs = performance.now();
    armed = tids.flatMap((tid) => arm(tid, chosen));
    if (armed.length > 0) unarmed = undefined;
    return later(closeRound, pace.windowMs);
  };
  const closeRound = () => {
    const choice = createSampleChoice(rounds < hurriedRounds ? chosenPerClockAtFirst : chosenPerClock);
    let lost = 0;
    for (const thread of armed) thread.disarm();
    for (const thread of armed) {
      const moment = thread.take();
      lost += moment.lost;
      // The first of a window comes after a pause more often than others do.
      choice.offer(moment.calls.filter(({ first, event }) => !first || pace?.periods[event] === 1));
    }
    armed = [];
    rounds += 1;
    target.onRound(choice.chosen(), lost, armedAtMs);
    later(openRound, (rounds < hurriedRounds ? hurriedRoundMs : roundMs) * (0.5 + Math.random()));
  };

  return {
    follow(entries) {
      if (closed) return;
      uncounted = 'unavailable' in entries ? entries : undefined;
      if ('unavailable' in entries) return;
      rates = ratesSince(entries.value, () => unattributed(target.threads())).filter(({ tid }) => isOf(tid));
      if (timer === undefined && rates.length > 0) openRound();
    },
    failure: () => uncounted ?? unarmed ?? watched.refusal(),
    close() {
      closed = true;
      clearTimeout(timer);
      armed = [];
      open?.close();
    },
  };
}

/** Entries a millisecond of the thread that enters most, all clocks of the group together. */
function mostOf(rates: readonly EntryRate[]): number {
  const byThread = Map.groupBy(rates, ({ tid }) => tid);
  return Math.max(0, ...[...byThread.values()].map((own) => own.reduce((sum, { perMs }) => sum + perMs, 0)));
}

function refusal(result: number, pid: number): Unavailable {
  const code = errnoName(result);
  if (isDenied(code)) return deniedCall('sampling entries at a tracepoint', code, ['PERFMON'], pid);
  return unavailable('failed', `sampling entries at a tracepoint answered ${code}`);
}
