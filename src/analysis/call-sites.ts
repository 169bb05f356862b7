import type { CallSites } from '../model/call-sites.ts';
import type { Known } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { callSiteKey } from './call-site-key.ts';
import { isUnavailable, known } from './known.ts';

/** The two ends of a window, or of a part of one. */
export type CallSitesOfStretch = Readonly<Record<'first' | 'last', Pick<Snapshot, 'callSites'>>>;

/**
 * Call sites sampled in a window: what was counted between its two ends, or since the sampling began anew in between.
 */
export function sampledCallSites({ first, last }: CallSitesOfStretch): Known<CallSites> {
  const end = known(last.callSites);
  if (isUnavailable(end)) return end;
  const begin = known(first.callSites);
  if (isUnavailable(begin) || wasRestarted(begin, end)) return end;
  const base = new Map(begin.sites.map((site) => [callSiteKey(site), site.samples]));
  return {
    sites: end.sites
      .map((site) => ({ ...site, samples: since(site.samples, base.get(callSiteKey(site)) ?? 0) }))
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
