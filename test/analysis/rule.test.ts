import { describe, expect, it } from 'vitest';
import { layBasis } from '../../src/analysis/basis.ts';
import { judgeRules } from '../../src/analysis/judge-rules.ts';
import { clockRule, supports, targetRule } from '../../src/analysis/rule.ts';
import { rules } from '../../src/analysis/rules/index.ts';
import { denied, makeScenario } from './snapshot-builder.ts';

const common = { layer: 'program', role: 'cause', title: 'for this test', reference: 'none' } as const;

describe('a rule', () => {
  it('sees only what it declares, and not even the type has more', () => {
    let keys: readonly string[] = [];
    const rule = targetRule({
      ...common,
      id: 'sees-two',
      needs: ['bits'],
      mayUse: ['tracer'],
      weigh(seen) {
        keys = Object.keys(seen);
        // @ts-expect-error linkage is not among its needs
        return [supports('weak', `linkage ${seen.linkage}`, 'test')];
      },
    });
    const [judged] = judgeRules([rule], layBasis(makeScenario()));
    expect(keys).toEqual(['bits', 'tracer']);
    expect(judged?.finding.evidence[0]?.seen).toBe('linkage undefined');
  });

  it('does not see a clock when it is about the target', () => {
    // @ts-expect-error 'entries of this clock' exists for rules about one clock only
    const rule = targetRule({ ...common, id: 'wants-clock', needs: ['entries of this clock'], weigh: () => [] });
    const [judged] = judgeRules([rule], layBasis(makeScenario()));
    expect(judged?.finding.verdict).toBe('unknown');
  });

  it('is unknown without a need, with the remedy, and is not asked', () => {
    let asked = false;
    const rule = targetRule({
      ...common,
      id: 'needs-tracer',
      needs: ['tracer'],
      weigh() {
        asked = true;
        return [];
      },
    });
    const window = makeScenario({ target: { tracerPid: denied('EACCES', 'sudo vdsotop -p 4242') } });
    const [judged] = judgeRules([rule], layBasis(window));
    expect(asked).toBe(false);
    expect(judged?.finding).toMatchObject({
      verdict: 'unknown',
      evidence: [],
      missing: [{ reading: 'tracer', detail: 'denied: EACCES', remedy: 'sudo vdsotop -p 4242' }],
    });
  });

  it('is tried for each clock that was seen, and once where none was', () => {
    const rule = clockRule({ ...common, id: 'per-clock', needs: ['entries of this clock'], weigh: () => [] });
    const clocksOf = (entries: readonly (readonly ['clock_gettime', number, number])[]) =>
      judgeRules([rule], layBasis(makeScenario({ entries }))).map(({ finding }) => finding.clock);
    expect(
      clocksOf([
        ['clock_gettime', 1, 5],
        ['clock_gettime', 33, 5],
      ]),
    ).toEqual(['MONOTONIC', 'CPU clock of a thread']);
    expect(clocksOf([])).toEqual([undefined]);
  });
});

describe('the table of rules', () => {
  it('holds every id of the design, once', () => {
    expect(rules.map(({ id }) => id).sort()).toEqual(
      [
        'clock-never-in-vdso',
        'clock-not-in-this-kernels-vdso',
        'clocksource-not-vdso-capable',
        'clocksource-overridden',
        'compat-32bit',
        'counter-erratum',
        'direct-syscall',
        'fast-but-hot',
        'first-call-cost',
        'foreign-kernel',
        'hyperv-page-invalid',
        'interposed-libc',
        'kvm-clock-without-vdso',
        'legacy-vsyscall',
        'libc-bypasses-vdso',
        'runtime-bypasses-vdso',
        'seccomp-filter',
        'seqcount-contention',
        'static-libc-without-vdso',
        'syscall-mitigations',
        'syscall-watched',
        'time-namespace',
        'tracer-attached',
        'tsc-marked-unstable',
        'tsc-not-invariant',
        'tsc-prctl-trap',
        'tsc-read-traps',
        'vdso-disabled',
        'vdso-image-modified',
        'vdso-unmapped',
        'xen-without-vdso',
      ].sort(),
    );
  });

  it('gives every finding a title, a reference and, where it holds, evidence', () => {
    const judged = judgeRules(rules, layBasis(makeScenario({ entries: [['clock_gettime', 3, 20_000]] })));
    for (const { finding } of judged) {
      expect(finding.title).not.toBe('');
      expect(finding.reference).not.toBe('');
      expect(finding.evidence.length + finding.missing.length).toBeGreaterThan(0);
    }
  });

  it('never lets an amplifier or context end a headline', () => {
    expect(rules.filter(({ role, clause }) => role !== 'cause' && clause !== undefined)).toEqual([]);
  });
});
