import { describe, expect, it } from 'vitest';
import { layBasis } from '../../../src/analysis/basis.ts';
import { judgeRules } from '../../../src/analysis/judge-rules.ts';
import { rules } from '../../../src/analysis/rules/index.ts';
import type { Finding, FindingVerdict } from '../../../src/model/findings.ts';
import { makeScenario, type Scenario } from '../snapshot-builder.ts';

export interface RuleCase {
  readonly name: string;
  readonly scenario: Scenario;
  readonly verdict: FindingVerdict;
  readonly clock?: string;
  /** Sentences that the evidence must hold, whole. */
  readonly seen?: readonly string[];
  /** Readings that the finding must name as missing. */
  readonly missing?: readonly string[];
  readonly also?: (finding: Finding) => void;
}

export function findingOf(id: string, scenario: Scenario, clock?: string): Finding {
  const findings = judgeRules(rules, layBasis(makeScenario(scenario))).map(({ finding }) => finding);
  const found = findings.find((finding) => finding.id === id && (clock === undefined || finding.clock === clock));
  if (found === undefined) throw new Error(`no finding ${id} ${clock ?? ''}`);
  return found;
}

/** A rule's cases: at least one that it holds in, one that rules it out, one that lacks the fact. */
export function describeRule(id: string, cases: readonly RuleCase[]): void {
  describe(id, () => {
    it('is tried where it holds, where it does not and where the fact is missing', () => {
      const verdicts = cases.map(({ verdict }) => verdict);
      expect(verdicts).toEqual(expect.arrayContaining(['ruled-out', 'unknown']));
      expect(verdicts.some((verdict) => verdict !== 'ruled-out' && verdict !== 'unknown')).toBe(true);
    });

    it.each(cases)('$name: $verdict', ({ scenario, verdict, clock, seen = [], missing = [], also }) => {
      const finding = findingOf(id, scenario, clock);
      expect({ verdict: finding.verdict, evidence: finding.evidence }).toMatchObject({ verdict });
      expect(finding.evidence.map((evidence) => evidence.seen)).toEqual(expect.arrayContaining([...seen]));
      expect(finding.missing.map(({ reading }) => reading)).toEqual(expect.arrayContaining([...missing]));
      also?.(finding);
    });
  });
}
