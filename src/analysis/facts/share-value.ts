import type { ClockRead } from '../clock-read.ts';
import { mapKnown, orElse } from '../known.ts';

/** Core share of a read, for sorting: 0 where it is not known. */
export function shareValue({ coreShare }: Pick<ClockRead, 'coreShare'>): number {
  return orElse(
    mapKnown(coreShare, ({ value }) => value),
    0,
  );
}
