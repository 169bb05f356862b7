/** What bounds the hits of one kind of window. */
export interface PaceLimits {
  /** So many are always allowed, even of a thread that hits leave nothing else to do. */
  readonly leastBound: number;
  /** Before anything is known of the calls. */
  readonly firstBound: number;
  readonly mostBound: number;
  /** Of all events together. */
  readonly mostHits: number;
  /** The same where fewer are expected: what a thread may take that calls more than it did. */
  readonly roomHits: number;
  /** A window that is to meet a burst and the pause behind it is so long, and may take so many hits of a thread. */
  readonly wholeMs: number;
  readonly wholeHits: number;
  /** Between two rounds on threads that hits leave nothing else to do, of which they cannot tell how often they call. */
  readonly saturatedRoundMs: number;
}

/** Records with 512 bytes of stack, of which a ring holds 370. They tell who calls, whatever the rate. */
export const limitsOfCatching: PaceLimits = {
  leastBound: 48,
  firstBound: 32,
  mostBound: 360,
  mostHits: 370,
  roomHits: 370,
  wholeMs: 10,
  wholeHits: 250,
  saturatedRoundMs: 2_000,
};

/** A count needs no room. */
export const limitsOfCounting: PaceLimits = {
  leastBound: 48,
  firstBound: 64,
  mostBound: 4_000,
  mostHits: 16_000,
  roomHits: 1_600,
  wholeMs: 20,
  wholeHits: 2_000,
  saturatedRoundMs: 5_000,
};
