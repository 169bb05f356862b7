import type { ReadPath } from '../../model/clocks.ts';
import type { Change, ClockDifference, NumberChange } from '../../model/difference.ts';
import type { Interval } from '../../model/interval.ts';
import { isUnavailable } from '../known.ts';

/** Whether anything of a clock changed for the worse: more often is not worse, dearer is. */
export function gotWorse({ path, prices, coreShare }: ClockDifference): boolean {
  if (path.verdict === 'changed' && slowness(path.after) > slowness(path.before)) return true;
  if (coreShare.verdict === 'changed' && isMore(coreShare, ({ value }: Interval) => value)) return true;
  return prices.some(({ p50, p99 }) => [p50, p99].some(isDearer));
}

function isDearer(change: NumberChange): boolean {
  if (change.verdict !== 'changed') return false;
  return change.ratio === undefined ? isMore(change, (ns: number) => ns) : change.ratio.value > 1;
}

function isMore<T>({ before, after }: Change<T>, value: (of: T) => number): boolean {
  return !isUnavailable(before) && !isUnavailable(after) && value(after) > value(before);
}

const slowPaths: Readonly<Record<ReadPath, number>> = {
  none: 0,
  unknown: 0,
  vdso: 0,
  mixed: 1,
  syscall: 2,
  vsyscall: 3,
};

function slowness(path: Change<ReadPath>['after']): number {
  return isUnavailable(path) ? 0 : slowPaths[path];
}
