/** Hits of one thread in one round, by event, and how long each looked. */
export type BreakpointLook = readonly { readonly hits: number; readonly ms: number }[];

/** How long the next windows are to be, how many hits each function may take, and how long to wait before them. */
export interface BreakpointPace {
  windowMs(): number;
  /** Of how many threads: of fewer than `most` where looking at them would cost too much at once. */
  threads(most: number): number;
  /** By event of one thread's plan, all together no more than a ring holds. */
  bounds(): readonly number[];
  /**
   * Takes in what a round saw of each thread, and how often they were put on a CPU meanwhile; answers the mean time until the
   * next round.
   */
  after(looks: readonly BreakpointLook[], turns: number, sinceStartMs: number): number;
  /** What hits and turns have cost so far. */
  spentNs(): number;
}

const firstWindowMs = 10;
const shortestMs = 1;
const longestMs = 250;
/** Calls come in bursts: where it can be paid, a window is so long that it meets a burst and the pause behind it. */
const wholeMs = 10;
const wholeHits = 250;
const wholeNs = 4e6;
const roundMs = 1_000;
/** Rounds come faster at first: a verdict must stand within three seconds. */
const hurriedMs = 2_000;
const hurriedRoundMs = 200;
/** What may be spent beyond the share at once. */
const creditNs = 1e6;
/** A part of the newest round's rate in the expected one. */
const newest = 0.4;
const leastBound = 8;
/** Before anything is known of the calls. */
const firstBound = 32;
const mostBound = 360;
/** Records of 512 bytes of stack that fit into a ring. */
const ringHits = 370;
/** Debug registers are written at each turn of a thread: 1.7 µs, four of them, on Linux 6.18 in a KVM guest. */
const nsPerTurn = 1_700;
/** A thread so busy with hits makes calls as fast as they let it: its rate cannot be told by them. */
const saturated = 0.6;

/**
 * Spends `budget` (a share of one core) on hits of `nsPerHit`: windows are short where calls or turns of the threads are
 * many, so that a bound ends few of them early, and long where they are few; what a round cost too much is waited for.
 */
export function createBreakpointPace(budget: number, nsPerHit: number, events: number): BreakpointPace {
  const roundNs = Math.max(leastBound * nsPerHit, budget * roundMs * 1e6);
  /** Hits a millisecond, by event, of the thread that has most of them. */
  let expected: readonly number[] = Array.from({ length: events }, () => 0);
  /** Cost of a millisecond of looking, nanoseconds. */
  let expectedNs: number | undefined;
  /** The same of one thread. */
  let threadNs = 0;
  let windowMs = firstWindowMs;
  let credit = creditNs;
  let lastMs = 0;
  let spent = 0;

  const isSaturated = (perMs: number) => (perMs * nsPerHit) / 1e6 > saturated;
  const boundOf = (perMs: number) => {
    if (expectedNs === undefined) return firstBound;
    if (isSaturated(perMs)) return leastBound;
    return Math.min(mostBound, Math.ceil(3 * perMs * windowMs) + leastBound);
  };
  const expect = (looks: readonly BreakpointLook[], turns: number) => {
    const rates = looks.map((look) => look.map((event) => event.hits / Math.max(event.ms, 1e-3)));
    const ns = sumOf(rates.map(sumOf)) * nsPerHit + (turns * nsPerTurn) / windowMs;
    const known = expectedNs !== undefined;
    expected = expected.map((before, event) => {
      const most = Math.max(...rates.map((rate) => rate[event] ?? 0));
      return known ? smooth(before, most) : most;
    });
    expectedNs = expectedNs === undefined ? ns : smooth(expectedNs, ns);
    threadNs = expectedNs / looks.length;
    const fitting = expectedNs > 0 ? roundNs / expectedNs : longestMs;
    windowMs = Math.max(shortestMs, Math.min(Math.max(fitting, wholeWindowMs()), windowMs * 2, longestMs));
  };
  const wholeWindowMs = () => {
    const most = Math.max(...expected);
    if (isSaturated(most)) return 0;
    return Math.min(wholeMs, wholeHits / Math.max(most, 1e-6), wholeNs / Math.max(threadNs, 1));
  };

  return {
    windowMs: () => windowMs,
    threads: (most) => Math.max(1, Math.min(most, Math.floor((2 * roundNs) / Math.max(1, windowMs * threadNs)))),
    bounds() {
      const wanted = expected.map(boundOf);
      const sum = sumOf(wanted);
      return sum <= ringHits ? wanted : wanted.map((bound) => Math.max(1, Math.floor((bound * ringHits) / sum)));
    },
    after(looks, turns, sinceStartMs) {
      const cost = sumOf(looks.map((look) => sumOf(look.map((event) => event.hits)))) * nsPerHit + turns * nsPerTurn;
      spent += cost;
      credit = Math.min(creditNs, credit + budget * (sinceStartMs - lastMs) * 1e6) - cost;
      lastMs = sinceStartMs;
      if (looks.length > 0) expect(looks, turns);
      return Math.max(sinceStartMs < hurriedMs ? hurriedRoundMs : roundMs, -credit / budget / 1e6);
    },
    spentNs: () => spent,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function smooth(before: number, now: number): number {
  return before * (1 - newest) + now * newest;
}
