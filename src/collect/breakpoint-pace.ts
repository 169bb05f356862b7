/** Hits of one thread in one round, by event, and how long each looked. */
export type BreakpointLook = readonly { readonly hits: number; readonly ms: number }[];

/** How long the next windows are to be, how many hits each function may take, and how long to wait before them. */
export interface BreakpointPace {
  windowMs(): number;
  /** By event of one thread's plan, all together no more than a ring holds. */
  bounds(): readonly number[];
  /** Takes in what a round saw of each thread; answers the mean time until the next round. */
  after(looks: readonly BreakpointLook[], sinceStartMs: number): number;
  /** Hits so far, all functions. */
  hits(): number;
}

const firstWindowMs = 10;
const shortestMs = 1;
const longestMs = 250;
const roundMs = 1_000;
/** Rounds come faster at first: a verdict must stand within three seconds. */
const hurriedMs = 2_000;
const hurriedRoundMs = 200;
/** What may be spent beyond the share at once. */
const creditNs = 3e6;
/** A part of the newest round's rate in the expected one. */
const newest = 0.4;
const leastBound = 8;
const mostBound = 160;
/** Records of 512 bytes of stack that fit into a ring, on arm64 too. */
const ringHits = 180;
/** A thread so busy with hits makes calls as fast as they let it: its rate cannot be told by them. */
const saturated = 0.6;

/**
 * Spends `budget` (a share of one core) on hits of `nsPerHit`: windows are short where calls are many, so that a bound ends
 * few of them early, and long where they are few; what a round cost too much is waited for.
 */
export function createBreakpointPace(budget: number, nsPerHit: number, events: number): BreakpointPace {
  const hitsPerRound = Math.max(leastBound, (budget * roundMs * 1e6) / nsPerHit);
  /** Hits a millisecond, by event, of the thread that has most of them; and of all events and threads looked at. */
  let expected: readonly number[] = Array.from({ length: events }, () => 0);
  let expectedAll: number | undefined;
  let windowMs = firstWindowMs;
  let credit = creditNs;
  let lastMs = 0;
  let hits = 0;

  const boundOf = (perMs: number) => {
    if ((perMs * nsPerHit) / 1e6 > saturated) return leastBound;
    return Math.min(mostBound, Math.ceil(3 * perMs * windowMs) + leastBound);
  };
  const expect = (looks: readonly BreakpointLook[]) => {
    const rates = looks.map((look) => look.map((event) => event.hits / Math.max(event.ms, 1e-3)));
    const all = sumOf(rates.map(sumOf));
    const known = expectedAll !== undefined;
    expected = expected.map((before, event) => {
      const most = Math.max(...rates.map((rate) => rate[event] ?? 0));
      return known ? smooth(before, most) : most;
    });
    expectedAll = expectedAll === undefined ? all : smooth(expectedAll, all);
    const fitting = expectedAll > 0 ? hitsPerRound / expectedAll : longestMs;
    windowMs = Math.max(shortestMs, Math.min(fitting, windowMs * 2, longestMs));
  };

  return {
    windowMs: () => windowMs,
    bounds() {
      const wanted = expected.map(boundOf);
      const sum = sumOf(wanted);
      return sum <= ringHits ? wanted : wanted.map((bound) => Math.max(1, Math.floor((bound * ringHits) / sum)));
    },
    after(looks, sinceStartMs) {
      const roundHits = sumOf(looks.map((look) => sumOf(look.map((event) => event.hits))));
      hits += roundHits;
      credit = Math.min(creditNs, credit + budget * (sinceStartMs - lastMs) * 1e6) - roundHits * nsPerHit;
      lastMs = sinceStartMs;
      if (looks.length > 0) expect(looks);
      return Math.max(sinceStartMs < hurriedMs ? hurriedRoundMs : roundMs, -credit / budget / 1e6);
    },
    hits: () => hits,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function smooth(before: number, now: number): number {
  return before * (1 - newest) + now * newest;
}
