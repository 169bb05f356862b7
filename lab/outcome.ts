import type { Scenario } from './scenario.ts';

/** What became of a scenario. */
export interface Outcome {
  readonly scenario: Scenario;
  /** 'skipped' where its kernel cannot be had, for the reason in `misses`. */
  readonly state: 'right' | 'wrong' | 'skipped';
  /** In what it differs from what is expected, one sentence each. */
  readonly misses: readonly string[];
  /** What was confirmed of the target; of a screen, what was read there. */
  readonly got: readonly string[];
  readonly verdict: string;
  /** Of the guest's clock, from attaching to the verdict; absent where there was none. */
  readonly seconds?: number;
}

/** 'expected' as the tables show it. */
export function expectedText({ expected }: Scenario): string {
  return `${expected.verdict}${expected.confirmed.length > 0 ? `: ${expected.confirmed.join(', ')}` : ''}`;
}
