import type { FindingChange } from '../../model/difference.ts';
import type { Finding } from '../../model/findings.ts';
import type { Report } from '../../model/report.ts';

/** Findings whose verdict is another, where it holds or held; causes first. */
export function compareFindings(before: Report, after: Report): readonly FindingChange[] {
  const [from, to] = [byKey(before), byKey(after)];
  const changes = [...new Set([...to.keys(), ...from.keys()])].flatMap((key): readonly FindingChange[] => {
    const [one, other] = [from.get(key), to.get(key)];
    const finding = other ?? one;
    const verdicts = { before: one?.verdict ?? 'absent', after: other?.verdict ?? 'absent' } as const;
    if (finding === undefined || verdicts.before === verdicts.after || !(holds(one) || holds(other))) return [];
    const { id, title, clock, role } = finding;
    return [{ id, title, ...(clock !== undefined && { clock }), role, ...verdicts }];
  });
  return changes.toSorted((a, b) => Number(b.role === 'cause') - Number(a.role === 'cause'));
}

function byKey({ findings }: Report): ReadonlyMap<string, Finding> {
  return new Map(findings.map((finding) => [`${finding.id} ${finding.clock ?? ''}`, finding]));
}

function holds(finding: Finding | undefined): boolean {
  return finding !== undefined && ['confirmed', 'likely', 'possible'].includes(finding.verdict);
}
