import { describe, expect, it } from 'vitest';
import { parseBudget } from '../../src/commands/parse-budget.ts';

describe('a budget on the command line', () => {
  it.each([
    ['off', 0],
    ['0', 0],
    ['0.3%', 0.003],
    ['0.3 %', 0.003],
    ['0.003', 0.003],
    ['5%', 0.05],
  ])('%s is %d of a core', (text, coreShare) => {
    expect(parseBudget(text, '--fast-calls')).toBeCloseTo(coreShare, 12);
  });

  it.each(['', 'on', '-1%', '0,3%', '6%', '0.3', '1e-3', '%'])(
    '%j is refused in one line that says what to write',
    (text) => {
      expect(() => parseBudget(text, '--fast-calls')).toThrow(/^--fast-calls '.*' cannot be used: expected .*core.*$/);
    },
  );
});
