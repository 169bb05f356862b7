/** What may be spent beyond the share at once. */
const creditNs = 2.5e6;
/** Traps that nobody counted may have been, and mostly were not: longer than this is not waited for them. */
const longestDebtMs = 10_000;

/** What a round took from the target. */
export interface RoundCost {
  readonly countedNs: number;
  /** At most: of traps that may have been. */
  readonly uncountedNs: number;
}

/** What hits have taken of a share of one core, and when there is some of it again. */
export interface HitCredit {
  /** Answers how long it takes until that is paid back, milliseconds; negative where it was paid for before. */
  spend(cost: RoundCost, sinceStartMs: number): number;
  spentNs(): number;
}

export function createHitCredit(budget: number): HitCredit {
  let credit = creditNs;
  let lastMs = 0;
  let spent = 0;

  return {
    spend({ countedNs, uncountedNs }, sinceStartMs) {
      spent += countedNs + uncountedNs;
      const due = Math.min(creditNs, credit + budget * (sinceStartMs - lastMs) * 1e6) - countedNs;
      credit = Math.max(due - uncountedNs, Math.min(due, -budget * longestDebtMs * 1e6));
      lastMs = sinceStartMs;
      return -credit / budget / 1e6;
    },
    spentNs: () => spent,
  };
}
