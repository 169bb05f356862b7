import type { CallSite, CallSites, CodePlace, SiteProcess, SiteProgram } from '../../model/call-sites.ts';
import { keepNewest } from '../keep-newest.ts';
import type { RawCallSample } from './raw-call-sample.ts';

/** Adds resolved samples up to distinct call sites. */
export interface CallSiteTally {
  /** `from`: of a tree of processes, whose call it was. */
  add(
    sample: Pick<RawCallSample, 'side' | 'fn' | 'slot' | 'tid'>,
    resolved: ResolvedPlaces,
    from?: { readonly process: SiteProcess; readonly program: SiteProgram },
  ): void;
  /** The same object as long as nothing was added. `lost`: cumulative. */
  read(lost: number): CallSites;
}

export type ResolvedPlaces = Pick<CallSite, 'place' | 'callers' | 'foundBy'>;

/**
 * Beyond this the site that was least recently sampled goes, and is counted in `samples` only: with a thread for each request
 * the newest are what is to be seen. Each process of a tree has its own.
 */
const mostSites = 256;

/** `vdsoBy`: as in CallSites. */
export function createCallSiteTally(vdsoBy?: 'time', most = mostSites): CallSiteTally {
  const sites = new Map<string, CallSite>();
  const programs = new Map<string, SiteProgram>();
  const indexOf = (program: SiteProgram): number => {
    const key = JSON.stringify(program);
    programs.set(key, program);
    return [...programs.keys()].indexOf(key);
  };
  const samples = { kernel: 0, vdso: 0 };
  let latest: CallSites | undefined;

  return {
    add({ side, fn, slot, tid }, { place, callers, foundBy }, from) {
      samples[side] += 1;
      latest = undefined;
      const whose = from && { process: from.process, program: indexOf(from.program) };
      const key = [
        side,
        fn,
        slot,
        tid,
        whose?.process.pid,
        whose?.program,
        foundBy,
        placeKey(place),
        ...callers.map(placeKey),
      ].join('\n');
      const before = sites.get(key)?.samples ?? 0;
      sites.delete(key);
      // A new object each time: snapshots hold on to the old ones.
      sites.set(key, {
        ...{ side, fn, slot, tid },
        ...whose,
        ...{ place, callers, foundBy, samples: before + 1 },
      });
      keepNewest(sites, most);
    },
    read(lost) {
      if (latest === undefined || latest.lost !== lost) {
        const sorted = [...sites.values()].sort((a, b) => b.samples - a.samples);
        latest = {
          ...{ sites: sorted, samples: { ...samples }, lost },
          ...(vdsoBy !== undefined && { vdsoBy }),
          ...(programs.size > 0 && { programs: [...programs.values()] }),
        };
      }
      return latest;
    },
  };
}

/** Two instructions of one function are two places; without a name only the address tells. */
function placeKey({ address, module = '', symbol = '', offset = 0 }: CodePlace): string {
  return symbol === '' ? address : `${module} ${symbol} ${offset}`;
}
