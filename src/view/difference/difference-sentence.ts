import type { ClockDifference, Difference } from '../../model/difference.ts';
import { isUnavailable } from '../format.ts';
import { labelInWords, metricsOf } from './metrics.ts';

/** What was found, in one sentence that is true as it stands. */
export function differenceSentence({ clocks, verdict }: Difference): string {
  const changed = clocks.filter((clock) => clock.verdict === 'changed');
  const open = clocks.filter((clock) => clock.verdict === 'cannot-tell' && wasRead(clock));
  const rest = open.length === 0 ? '' : `; of ${namesOf(open)} not everything can be told`;
  if (verdict !== 'changed') return `no change by more than noise was found${rest}`;
  const first = changed.slice(0, 3).map(changeOf).join('; ');
  const more = changed.length > 3 ? `; and ${changed.length - 3} more` : '';
  return `${first}${more}`;
}

/** A clock that was seen to be read on either side: all others are listed, and no more. */
export function wasRead({ path, kernelEntriesPerSecond: entries }: ClockDifference): boolean {
  const byPath = [path.before, path.after].some(
    (side) => side !== 'none' && side !== 'unknown' && !isUnavailable(side),
  );
  return byPath || [entries.before, entries.after].some((rate) => !isUnavailable(rate) && rate > 0);
}

export function namesOf(clocks: readonly ClockDifference[]): string {
  return clocks.map(({ name }) => name).join(', ');
}

/** 'BOOTTIME: vDSO p50 24.6 ns → 1.12 µs': the change that says most of it. */
function changeOf(clock: ClockDifference): string {
  const changed = metricsOf(clock).filter(({ verdict }) => verdict === 'changed');
  const told = changed.slice(0, 2).map((metric) => `${labelInWords(metric)} ${metric.before} → ${metric.after}`);
  return `${clock.name}: ${told.join(', ')}`;
}
