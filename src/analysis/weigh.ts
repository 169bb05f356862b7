import type { Evidence, FindingVerdict } from '../model/findings.ts';

/**
 * Evidence becomes a verdict here and nowhere else. A decisive fact decides, and only two that contradict each other
 * leave it open; short of one, a strong fact makes a cause likely or rules it out; weak ones only make it possible.
 */
export function weighEvidence(evidence: readonly Evidence[]): FindingVerdict {
  const has = (direction: Evidence['direction'], strength: Evidence['strength']) =>
    evidence.some((item) => item.direction === direction && item.strength === strength);
  const row = table.find(({ when }) => when(has));
  return row?.verdict ?? 'unknown';
}

type Has = (direction: Evidence['direction'], strength: Evidence['strength']) => boolean;

/** The first row that fits decides. */
const table: readonly { readonly when: (has: Has) => boolean; readonly verdict: FindingVerdict }[] = [
  { when: (has) => has('supports', 'decisive') && has('contradicts', 'decisive'), verdict: 'possible' },
  { when: (has) => has('contradicts', 'decisive'), verdict: 'ruled-out' },
  { when: (has) => has('supports', 'decisive') && has('contradicts', 'strong'), verdict: 'likely' },
  { when: (has) => has('supports', 'decisive'), verdict: 'confirmed' },
  { when: (has) => has('supports', 'strong') && has('contradicts', 'strong'), verdict: 'possible' },
  { when: (has) => has('supports', 'strong'), verdict: 'likely' },
  { when: (has) => has('supports', 'weak'), verdict: 'possible' },
  { when: (has) => has('contradicts', 'strong'), verdict: 'ruled-out' },
];
