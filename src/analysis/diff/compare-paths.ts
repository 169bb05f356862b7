import type { ReadPath } from '../../model/clocks.ts';
import type { Change, ClockDifference } from '../../model/difference.ts';

type Counts = Pick<ClockDifference, 'kernelEntriesPerSecond' | 'fastCallsPerSecond'>;

/** A path is a word for how many reads went each way: it changed where one of the two numbers did. */
export function comparePaths(before: ReadPath, after: ReadPath, counts: Counts): Change<ReadPath> {
  if (before === 'unknown' || after === 'unknown')
    return { before, after, verdict: 'cannot-tell', reason: 'the path is not known on both sides' };
  if (before === after) return { before, after, verdict: 'same' };
  const { kernelEntriesPerSecond: entries, fastCallsPerSecond: calls } = counts;
  if (entries.verdict === 'changed' || calls.verdict === 'changed') return { before, after, verdict: 'changed' };
  return { before, after, verdict: 'cannot-tell', reason: 'too few reads were seen for another path to be certain' };
}
