import type { CallSite, CallSites } from '../model/call-sites.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known } from './known.ts';

/**
 * Call sites sampled in a window: what was counted between its two ends, or since the sampling began anew in between.
 */
export function sampledCallSites({ first, last }: Pick<Window, 'first' | 'last'>): Known<CallSites> {
  const end = known(last.callSites);
  if (isUnavailable(end)) return end;
  const begin = known(first.callSites);
  if (isUnavailable(begin) || wasRestarted(begin, end)) return end;
  const base = new Map(begin.sites.map((site) => [keyOf(site), site.samples]));
  return {
    sites: end.sites
      .map((site) => ({ ...site, samples: since(site.samples, base.get(keyOf(site)) ?? 0) }))
      .filter(({ samples }) => samples > 0),
    samples: {
      kernel: end.samples.kernel - begin.samples.kernel,
      vdso: end.samples.vdso - begin.samples.vdso,
    },
    lost: end.lost - begin.lost,
    ...(end.vdsoBy !== undefined && { vdsoBy: end.vdsoBy }),
    ...(end.programs !== undefined && { programs: end.programs }),
    ...(end.obstacles !== undefined && { obstacles: end.obstacles }),
  };
}

/** Samples only add up while the sampling lives. */
function wasRestarted(begin: CallSites, end: CallSites): boolean {
  return end.samples.kernel < begin.samples.kernel || end.samples.vdso < begin.samples.vdso || end.lost < begin.lost;
}

/** A site that shrank was put out of the bounded list and came back. */
function since(samples: number, base: number): number {
  return samples >= base ? samples - base : samples;
}

function keyOf({ side, fn, slot, tid, place, callers, foundBy }: CallSite): string {
  const addresses = [place, ...callers].map(({ address }) => address);
  return [side, fn, slot, tid, foundBy, ...addresses].join(' ');
}
