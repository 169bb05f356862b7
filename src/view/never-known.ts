import type { Finding } from '../model/findings.ts';
import type { Report } from '../model/report.ts';

/** Findings that stay unknown for ever: the target has ended, and nothing that was seen of it speaks for them. */
export function neverKnown({ findings, target }: Report): readonly Finding[] {
  if (!target.ended) return [];
  return findings.filter(
    ({ verdict, evidence }) => verdict === 'unknown' && evidence.every(({ direction }) => direction !== 'supports'),
  );
}
