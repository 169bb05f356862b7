import { describe, expect, it } from 'vitest';
import { judgeScenario } from '../../lab/judge.ts';
import { slowClocksource } from '../../lab/scenarios/expectations.ts';
import { layBasis } from '../../src/analysis/basis.ts';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { judgeRules } from '../../src/analysis/judge-rules.ts';
import { type Rule, supports } from '../../src/analysis/rule.ts';
import { rules } from '../../src/analysis/rules/index.ts';
import type { Report } from '../../src/model/report.ts';
import { available, makeScenario, unservedPrices } from '../analysis/snapshot-builder.ts';

/** What a guest on hpet would say, and what the lab expects of it; broken rules are the rules of vdsotop but for one. */
const window = makeScenario({
  entries: [['clock_gettime', 1, 2_000]],
  hits: [['clock_gettime', 1, 8]],
  host: {
    currentClocksource: available('hpet'),
    availableClocksources: available(['tsc', 'hpet', 'acpi_pm']),
    kernelCommandLine: available('clocksource=hpet'),
  },
  prices: unservedPrices(1_500),
  both: {
    clockPage: available({ offset: 128, clockMode: 'none', seq: 2, updatesPerSecond: 250, rateWindowMs: 1_000 }),
  },
});
const reportBy = (judging: readonly Rule[]): Report => ({
  ...diagnose(window, { version: '0.1.0' }),
  findings: judgeRules(judging, layBasis(window)).map(({ finding }) => finding),
});
const broken = (id: string, rule: Partial<Rule>) =>
  rules.map((one) => (one.id === id ? ({ ...one, ...rule } as Rule) : one));
const judge = (report: Report, seconds = 3, nodeStartMs = 200) =>
  judgeScenario(report, slowClocksource, { machine: ['clocksource-overridden'], way: 'root', seconds, nodeStartMs });

describe('the checker of the lab', () => {
  it('finds nothing in the report of the rules as they are', () => {
    expect(judge(reportBy(rules))).toEqual([]);
  });

  it('fails where a rule no longer sees its cause', () => {
    const blind = broken('clocksource-not-vdso-capable', { weigh: () => [] });
    expect(judge(reportBy(blind))).toContainEqual(
      expect.stringMatching(/^clocksource-not-vdso-capable: expected confirmed, got (unknown|ruled-out)$/),
    );
  });

  it('fails where a rule accuses a neighbour that is not to blame', () => {
    const eager = broken('vdso-disabled', { weigh: () => [supports('decisive', 'no [vdso]', 'nowhere')] });
    expect(judge(reportBy(eager))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^not expected: vdso-disabled/),
        'vdso-disabled: got confirmed, must not hold',
      ]),
    );
  });

  it('fails where a neighbour is not judged at all', () => {
    const without = rules.filter(({ id }) => id !== 'tsc-read-traps');
    expect(judge(reportBy(without))).toEqual(['tsc-read-traps: not judged at all']);
  });

  it('fails where the verdict comes late or is another', () => {
    expect(judge({ ...reportBy(rules), verdict: 'fast' }, 5.1)).toEqual([
      'verdict: got fast, expected slow',
      'the verdict took 5.1 s from attaching, of 5.0 where Node starts in 0.20 s',
    ]);
  });

  it('gives a guest that is slow at all as much more time', () => {
    expect(judge(reportBy(rules), 7.9, 500)).toEqual([]);
    expect(judge(reportBy(rules), 8.1, 500)).toEqual([
      'the verdict took 8.1 s from attaching, of 8.0 where Node starts in 0.50 s',
    ]);
  });
});
