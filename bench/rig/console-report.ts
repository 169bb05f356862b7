import type { Outcome } from './benchmark.ts';

/** The rows of an outcome for a terminal: what, figure, spread; peer and verdict beneath. */
export function consoleReport({ rows }: Outcome): string {
  return rows
    .map(({ what, figure, spread, peer, bound, met }) => {
      const verdict = met === undefined ? '' : `${met ? 'met' : 'NOT MET'}: ${bound}`;
      const beside = [peer === '' ? '' : `beside ${peer}`, verdict].filter((text) => text !== '').join(' · ');
      return `  ${what}: ${figure} (${spread})${beside === '' ? '' : `\n      ${beside}`}`;
    })
    .join('\n');
}
