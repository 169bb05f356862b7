import { areUneven, type BreakpointLook, rateOf, sumOf, uncountedTraps } from './breakpoint-look.ts';
import { createHitCredit } from './hit-credit.ts';
import type { PaceLimits } from './pace-limits.ts';
import { longestWaitMs } from './wait-exactly.ts';

/** How long the next windows are to be, how many hits each function may take, and how long to wait before them. */
export interface BreakpointPace {
  windowMs(): number;
  /** Of how many threads: of fewer than `most` where looking at them would cost too much at once. */
  threads(most: number): number;
  /** By event of one thread's plan, all together no more than the limits say. */
  bounds(): readonly number[];
  /**
   * Takes in what a round saw of each thread, and how often they were put on a CPU meanwhile; answers the mean time until the
   * next round.
   */
  after(looks: readonly BreakpointLook[], turns: number, sinceStartMs: number): number;
  /** What hits and turns have cost so far. */
  spentNs(): number;
}

/** Of a hot loop it takes all the time: a glance tells one. */
const firstWindowMs = 0.3;
/** … the next is so long where it tells of no calls, and windows grow by this where it can be paid. */
const secondWindowMs = 10;
const growth = 5;
const shortestMs = 1;
const longestMs = 250;
/**
 * Calls come in bursts: where it can be paid, a window is so long that it meets a burst and the pause behind it. Where that
 * is dear, it is so only once windows have told differently.
 */
const wholeNs = 2.5e6;
/** One that takes what so many rounds may spend is dear. */
const dearRounds = 2.5;
const roundMs = 1_000;
/** Rounds come faster at first, and are the shorter: a verdict must stand within three seconds. */
const hurriedMs = 2_000;
const hurriedRoundMs = 200;
/** So much faster on threads that hits leave nothing else to do. */
const hurry = 5;
const hurriedWholeMs = 10;
/**
 * So much may be spent in them, and is paid back afterwards: on a busy host a thread that was put off its CPU for us has calls
 * to make up for, which a shorter window is full of.
 */
const hurriedNs = 10e6;
const hurriedRounds = 8;
/** A part of the newest round's rate in the expected one. */
const newest = 0.4;
/** Bursts show in so many newest rounds. */
const newestRounds = 16;
/** Debug registers are written at each turn of a thread: 1.7 µs, four of them, on Linux 6.18 in a KVM guest. */
const nsPerTurn = 1_700;
/**
 * A thread so busy with hits makes calls as fast as they let it: its rate cannot be told by them. They may cost it a quarter
 * more than they cost us.
 */
const saturated = 0.4;

/**
 * Spends `budget` (a share of one core) on hits of `nsPerHit`: windows are short where calls or turns of the threads are
 * many, so that a bound ends few of them early, and long where they are few; what a round cost too much is waited for.
 */
export function createBreakpointPace(
  budget: number,
  nsPerHit: number,
  events: number,
  limits: PaceLimits,
): BreakpointPace {
  const usualRoundNs = Math.max(limits.leastBound * nsPerHit, budget * roundMs * 1e6);
  let roundNs = hurriedNs / hurriedRounds;
  let isHurried = true;
  /** Hits a millisecond, by event, of the thread that has most of them. */
  let expected: readonly number[] = Array.from({ length: events }, () => 0);
  /** Cost of a millisecond of looking, nanoseconds. */
  let expectedNs: number | undefined;
  /** The same of one thread. */
  let threadNs = 0;
  let windowMs = firstWindowMs;
  const credit = createHitCredit(budget);
  /** Hits a millisecond of the busiest thread in the newest rounds. */
  let newestRates: readonly number[] = [];

  const isSaturated = (perMs: number) => (perMs * nsPerHit) / 1e6 > saturated;
  const tellsNoRate = (look: BreakpointLook) => {
    const perMs = sumOf(look.map(rateOf));
    return perMs === 0 ? isSaturated(Math.max(...expected)) : isSaturated(perMs);
  };
  const nextRoundMs = (looks: readonly BreakpointLook[]) => {
    if (looks.length > 0 && looks.every(tellsNoRate)) return limits.saturatedRoundMs / (isHurried ? hurry : 1);
    return isHurried ? hurriedRoundMs : roundMs;
  };
  const boundOf = (perMs: number) => {
    if (expectedNs === undefined) return limits.firstBound;
    if (isSaturated(perMs)) return limits.leastBound;
    return Math.min(limits.mostBound, Math.ceil(3 * perMs * windowMs) + limits.leastBound);
  };
  const expect = (looks: readonly BreakpointLook[], turns: number) => {
    const rates = looks.map((look) => look.map(rateOf));
    newestRates = [...newestRates, Math.max(...rates.map(sumOf))].slice(-newestRounds);
    const ns = sumOf(rates.map(sumOf)) * nsPerHit + (turns * nsPerTurn) / windowMs;
    const known = expectedNs !== undefined;
    expected = expected.map((before, event) => {
      const most = Math.max(...rates.map((rate) => rate[event] ?? 0));
      return known ? smooth(before, most) : most;
    });
    expectedNs = expectedNs === undefined ? ns : smooth(expectedNs, ns);
    threadNs = expectedNs / looks.length;
    const fitting = expectedNs > 0 ? roundNs / expectedNs : longestMs;
    const most = Math.max(...expected);
    const wanted = Math.min(fitting, Math.max(windowMs * growth, most === 0 ? secondWindowMs : 0), longestMs);
    if (isSaturated(most)) windowMs = Math.min(fitting, (limits.leastBound * nsPerHit) / 1e6);
    else windowMs = Math.max(isHurried ? firstWindowMs : shortestMs, wanted, wholeWindowMs(most));
  };
  const wholeWindowMs = (most: number) => {
    const whole = Math.min(
      isHurried ? hurriedWholeMs : limits.wholeMs,
      limits.wholeHits / Math.max(most, 1e-6),
      wholeNs / Math.max(threadNs, 1),
    );
    const isDear = isHurried || whole * threadNs > dearRounds * roundNs;
    return isDear && !areUneven(newestRates) ? 0 : whole;
  };

  return {
    windowMs: () => windowMs,
    threads: (most) => Math.max(1, Math.min(most, Math.floor((2 * roundNs) / Math.max(1, windowMs * threadNs)))),
    bounds() {
      const wanted = expected.map(boundOf);
      const sum = sumOf(wanted);
      // A window that ends on time hardly needs a bound: each takes what there is room for.
      const room = windowMs > longestWaitMs ? sum : Math.max(sum, limits.roomHits);
      const scale = Math.min(room, limits.mostHits) / sum;
      return wanted.map((bound) => Math.min(limits.mostBound, Math.max(1, Math.floor(bound * scale))));
    },
    after(looks, turns, sinceStartMs) {
      const events = looks.flat();
      const countedNs = sumOf(events.map(({ hits }) => hits)) * nsPerHit + turns * nsPerTurn;
      const paidBackMs = credit.spend(
        { countedNs, uncountedNs: sumOf(events.map(uncountedTraps)) * nsPerHit },
        sinceStartMs,
      );
      isHurried = sinceStartMs < hurriedMs;
      if (!isHurried) roundNs = usualRoundNs;
      if (looks.length > 0) expect(looks, turns);
      if (isHurried && credit.spentNs() < hurriedNs) return nextRoundMs(looks);
      return Math.max(nextRoundMs(looks), paidBackMs);
    },
    spentNs: credit.spentNs,
  };
}

function smooth(before: number, now: number): number {
  return before * (1 - newest) + now * newest;
}
