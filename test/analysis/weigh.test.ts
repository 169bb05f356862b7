import { describe, expect, it } from 'vitest';
import { contradicts, supports } from '../../src/analysis/rule.ts';
import { weighEvidence } from '../../src/analysis/weigh.ts';
import type { FindingVerdict } from '../../src/model/findings.ts';

const strengths = ['none', 'weak', 'strong', 'decisive'] as const;
type Strength = (typeof strengths)[number];

/** Rows: the strongest evidence for; columns: the strongest against, from none to decisive. */
const truth: Readonly<Record<Strength, readonly FindingVerdict[]>> = {
  none: ['unknown', 'unknown', 'ruled-out', 'ruled-out'],
  weak: ['possible', 'possible', 'possible', 'ruled-out'],
  strong: ['likely', 'likely', 'possible', 'ruled-out'],
  decisive: ['confirmed', 'confirmed', 'likely', 'possible'],
};

const cases = strengths.flatMap((pro) =>
  strengths.map((con, column) => [pro, con, truth[pro][column] ?? 'unknown'] as const),
);

describe('the verdict of evidence', () => {
  it.each(cases)('for: %s, against: %s → %s', (pro, con, verdict) => {
    const evidence = [
      ...(pro === 'none' ? [] : [supports(pro, 'seen', 'where')]),
      ...(con === 'none' ? [] : [contradicts(con, 'seen', 'where')]),
    ];
    expect(weighEvidence(evidence)).toBe(verdict);
  });

  it('is not changed by weaker evidence on the same side, nor by order', () => {
    const evidence = [supports('weak', 'a', 'b'), supports('decisive', 'c', 'd'), supports('strong', 'e', 'f')];
    expect(weighEvidence(evidence)).toBe('confirmed');
    expect(weighEvidence([...evidence].reverse())).toBe('confirmed');
  });
});
