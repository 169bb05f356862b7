import type { Evidence, Finding, FindingVerdict, Missing } from '../model/findings.ts';
import type { Basis } from './basis.ts';
import type { CallOrigin } from './call-origin.ts';
import { type ClockReadings, clockFacts } from './facts/clock-facts.ts';
import type { Facts } from './facts/facts.ts';
import { type TargetReadings, targetFacts } from './facts/target-facts.ts';
import { isUnavailable, orElse } from './known.ts';
import { missingOf } from './missing-of.ts';
import { secondsPhrase } from './phrase.ts';
import { contradicts, type Rule } from './rule.ts';
import { weighEvidence } from './weigh.ts';

/** A finding, and what a headline needs of its rule. */
export interface Judged {
  readonly finding: Finding;
  /** Names of the reads it accounts for; empty where it does not hold. */
  readonly covers: readonly string[];
  readonly clause?: string;
  /** As the rule says: whose entries are its. */
  readonly origin?: CallOrigin;
}

/** Every rule's finding, one for each clock where a rule is about clocks; sorted as a reader wants them. */
export function judgeRules(rules: readonly Rule[], basis: Basis): readonly Judged[] {
  const facts = targetFacts(basis);
  const judged = rules.flatMap((rule) =>
    rule.scope === 'target' ? [judge(rule, facts)] : judgeClocks(rule, facts, basis),
  );
  return sortFindings(judged.map((item) => linkCauses(item, judged)));
}

function judgeClocks(rule: Rule, facts: Facts<TargetReadings>, basis: Basis): readonly Judged[] {
  const seen = basis.clocks.filter(({ entries, hits }) => orElse(entries, 0) > 0 || orElse(hits, 0) > 0);
  if (seen.length === 0) return [judgeNoClock(rule, facts)];
  return seen.map((read) => judge(rule, clockFacts(facts, basis, read), read.name));
}

/** No clock to ask about: ruled out where that is known, unknown where the counters cannot tell. */
function judgeNoClock(rule: Rule, facts: Facts<TargetReadings>): Judged {
  const reads = facts['kernel entries'];
  if (isUnavailable(reads)) return assemble(rule, [], missingOf('kernel entries', reads), {});
  const nothing = `no clock_gettime entered the kernel in ${secondsPhrase(reads.seconds)}`;
  return assemble(rule, [contradicts('decisive', nothing, 'kernel entry counters')], [], {});
}

type AnyFacts = Facts<TargetReadings> & Partial<Facts<ClockReadings>>;

function judge(rule: Rule, facts: AnyFacts, clock?: string): Judged {
  const lacking = rule.needs.flatMap((name) => missingIn(facts, name));
  if (lacking.length > 0) return assemble(rule, [], lacking, {}, clock);
  const seen = valuesOf(facts, [...rule.needs, ...rule.mayUse]);
  const unread = onceEach(rule.mayUse.flatMap((name) => missingIn(facts, name)));
  return assemble(rule, rule.weigh(seen), unread, { seen }, clock);
}

/** Two facts may lack the same reading. */
function onceEach(missing: readonly Missing[]): readonly Missing[] {
  return missing.filter(({ reading }, index) => missing.findIndex((other) => other.reading === reading) === index);
}

function missingIn(facts: AnyFacts, name: keyof ClockReadings): readonly Missing[] {
  const value = facts[name];
  return isUnavailable(value) ? missingOf(name, value) : [];
}

/** Only the readings a rule declared, and of them only those that have a value. The rule's type says which it sees. */
function valuesOf(facts: AnyFacts, names: readonly (keyof ClockReadings)[]): never {
  const values = names.flatMap((name) => (isUnavailable(facts[name]) ? [] : [[name, facts[name]] as const]));
  return Object.fromEntries(values) as never;
}

const holding: ReadonlySet<FindingVerdict> = new Set(['confirmed', 'likely', 'possible']);
const decided: ReadonlySet<FindingVerdict> = new Set(['confirmed', 'ruled-out']);

function assemble(
  rule: Rule,
  evidence: readonly Evidence[],
  missing: readonly Missing[],
  { seen }: { readonly seen?: never },
  clock?: string,
): Judged {
  const verdict = weighEvidence(evidence);
  const holds = holding.has(verdict) && seen !== undefined;
  const fix = holds ? rule.fix?.(seen) : undefined;
  const saves = holds && rule.role === 'cause' ? rule.saves?.(seen) : undefined;
  const undecided = seen === undefined || rule.undecidedWithout === undefined ? [] : [rule.undecidedWithout];
  const covers = holds ? (rule.covers?.(seen) ?? []) : [];
  const finding: Finding = {
    id: rule.id,
    layer: rule.layer,
    role: rule.role,
    title: rule.title,
    verdict,
    ...(clock !== undefined && { clock }),
    covers,
    because: rule.because ?? [],
    evidence,
    missing: decided.has(verdict) ? [] : [...missing, ...undecided],
    ...(fix !== undefined && { fix }),
    ...(saves !== undefined && { savesCoreShare: saves }),
    reference: rule.reference,
  };
  const clause = holds ? rule.clause?.(seen) : undefined;
  return {
    finding,
    covers,
    ...(clause !== undefined && { clause }),
    ...(rule.origin !== undefined && { origin: rule.origin }),
  };
}

/** Of what a finding may follow from, only what does hold. */
function linkCauses(judged: Judged, all: readonly Judged[]): Judged {
  const { finding } = judged;
  const holds = finding.because.filter((id) =>
    all.some(
      (other) =>
        other.finding.id === id && (other.finding.verdict === 'confirmed' || other.finding.verdict === 'likely'),
    ),
  );
  return { ...judged, finding: { ...finding, because: holding.has(finding.verdict) ? holds : [] } };
}

/**
 * Causes that hold, then what makes them worse or merely surrounds them, then what is not known, then what is not so.
 */
const verdictRank: Readonly<Record<FindingVerdict, { readonly cause: number; readonly other: number }>> = {
  confirmed: { cause: 0, other: 3 },
  likely: { cause: 1, other: 4 },
  possible: { cause: 2, other: 5 },
  unknown: { cause: 6, other: 7 },
  'ruled-out': { cause: 8, other: 9 },
};

function sortFindings(judged: readonly Judged[]): readonly Judged[] {
  return [...judged].sort((a, b) => rankOf(a.finding) - rankOf(b.finding) || savedOf(b.finding) - savedOf(a.finding));
}

function rankOf({ verdict, role }: Finding): number {
  return verdictRank[verdict][role === 'cause' ? 'cause' : 'other'];
}

function savedOf({ savesCoreShare }: Finding): number {
  return savesCoreShare?.value ?? 0;
}
