import type { CallSite, CallSites, CodePlace } from '../../model/call-sites.ts';
import type { RawCallSample } from './raw-call-sample.ts';

/** Adds resolved samples up to distinct call sites. */
export interface CallSiteTally {
  add(sample: Pick<RawCallSample, 'side' | 'fn' | 'slot' | 'tid'>, resolved: ResolvedPlaces): void;
  /** The same object as long as nothing was added. `lost`: cumulative. */
  read(lost: number): CallSites;
}

export type ResolvedPlaces = Pick<CallSite, 'place' | 'callers' | 'foundBy'>;

/** Sites beyond this are counted in `samples` only. */
const mostSites = 256;

/** `vdsoBy`: as in CallSites. */
export function createCallSiteTally(vdsoBy?: 'time'): CallSiteTally {
  const sites = new Map<string, CallSite>();
  const samples = { kernel: 0, vdso: 0 };
  let latest: CallSites | undefined;

  return {
    add({ side, fn, slot, tid }, { place, callers, foundBy }) {
      samples[side] += 1;
      latest = undefined;
      const key = [side, fn, slot, tid, foundBy, placeKey(place), ...callers.map(placeKey)].join('\n');
      const known = sites.get(key);
      if (known === undefined && sites.size >= mostSites) return;
      // A new object each time: snapshots hold on to the old ones.
      sites.set(key, { side, fn, slot, tid, place, callers, foundBy, samples: (known?.samples ?? 0) + 1 });
    },
    read(lost) {
      if (latest === undefined || latest.lost !== lost) {
        const sorted = [...sites.values()].sort((a, b) => b.samples - a.samples);
        latest = { sites: sorted, samples: { ...samples }, lost, ...(vdsoBy !== undefined && { vdsoBy }) };
      }
      return latest;
    },
  };
}

/** Two instructions of one function are two places; without a name only the address tells. */
function placeKey({ address, module = '', symbol = '', offset = 0 }: CodePlace): string {
  return symbol === '' ? address : `${module} ${symbol} ${offset}`;
}
