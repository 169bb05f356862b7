import type { Report } from '../model/report.ts';
import { formatNs, isUnavailable } from './format.ts';

/** What being counted adds to a read of the target, in words: whole, and for little room. */
export interface CountingCost {
  readonly long: string;
  readonly short: string;
}

export function countingCost({ cost: { addedNsPerEntry: added }, coverage }: Report): CountingCost {
  if (isUnavailable(coverage.method)) return { long: 'nothing is counted', short: 'nothing counted' };
  if (!isUnavailable(added)) {
    const price = `+${formatNs(added)}`;
    return { long: `${price} per counted read, rates while watched`, short: `${price}/read watched` };
  }
  if (added.detail.includes('lost in the noise'))
    return { long: 'cost per counted read lost in the noise', short: 'cost/read lost in noise' };
  return { long: `cost per counted read not known: ${added.detail}`, short: 'cost/read not known' };
}
