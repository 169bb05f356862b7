import { expectedText, type Outcome } from '../outcome.ts';

/** One line for a person at a terminal, and one for each miss. */
export function consoleLine({ scenario, state, misses, got, seconds }: Outcome): string {
  const took = seconds === undefined ? '' : ` ${seconds.toFixed(1)} s`;
  const first = `${state.padEnd(7)} ${scenario.id.padEnd(46)} ${expectedText(scenario)} | got ${got.join(', ') || 'nothing accused'}${took}`;
  return [first, ...misses.map((miss) => `        ${miss}`)].join('\n');
}
