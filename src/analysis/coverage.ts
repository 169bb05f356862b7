import type { Coverage } from '../model/report.ts';
import type { Basis } from './basis.ts';
import { sampledCallSites } from './call-sites.ts';
import { entriesHiddenBy } from './entries-hidden-by.ts';
import { isUnavailable, mapKnown, unavailable } from './known.ts';
import { secondsPhrase } from './phrase.ts';

export function describeCoverage(basis: Basis): Coverage {
  const { counted, threads } = basis;
  const watchedSeconds = secondsWatched(basis);
  return {
    windowSeconds: windowSeconds(basis),
    watchedSeconds,
    threads,
    entriesCounted: isUnavailable(counted)
      ? counted
      : counted.exact
        ? 1
        : unavailable('unsupported', counted.caveat ?? 'the counter is not exact'),
    ...(!isUnavailable(counted) && counted.passedOver !== undefined && { entriesPassedOver: counted.passedOver }),
    method: mapKnown(counted, ({ method }) => method),
    callSiteSamples: mapKnown(sampledCallSites(basis.window), ({ samples, lost }) => ({ ...samples, lost })),
    sentence: `watched ${secondsPhrase(watchedSeconds)}, ${threadsPart(basis)}, ${entriesPart(basis)}${callSitesPart(basis)}`,
  };
}

/** Counters are armed a little before the first snapshot: the window they saw is part of what was watched. */
function secondsWatched(basis: Basis): number {
  return Math.max(basis.window.watchedSeconds, windowSeconds(basis));
}

/** Of the counters where they count, else between the two snapshots. */
export function windowSeconds({ window: { first, last }, counted }: Basis): number {
  return isUnavailable(counted) ? Math.max(0, last.elapsedMs - first.elapsedMs) / 1_000 : counted.seconds;
}

function threadsPart({ threads, counted }: Basis): string {
  if (isUnavailable(threads)) return 'number of threads not known';
  const all = isUnavailable(counted) ? '' : 'all ';
  return threads === 1 ? 'its one thread' : `${all}${threads} threads`;
}

function entriesPart(basis: Basis): string {
  const { counted } = basis;
  if (isUnavailable(counted)) return `kernel entries not counted (${counted.unavailable}: ${counted.detail})`;
  const hiddenBy = entriesHiddenBy(basis);
  const untold = isUnavailable(counted.passedOver) ? ', if the kernel passed over none' : '';
  if (counted.exact)
    return `every entry counted${hiddenBy === undefined ? '' : ` that its ${hiddenBy} let pass`}${untold}`;
  return `entries counted by ${counted.method}, not exactly: ${counted.caveat ?? 'no reason given'}`;
}

/** Nothing where no call site was sampled: why not is told among the limits. */
function callSitesPart({ window }: Basis): string {
  const sampled = sampledCallSites(window);
  if (isUnavailable(sampled)) return '';
  const { samples, lost } = sampled;
  const sides = [
    ...(samples.kernel > 0 ? [`${samples.kernel} kernel entries`] : []),
    ...(samples.vdso > 0 ? [`${samples.vdso} vDSO calls`] : []),
  ];
  const dropped = lost === 0 ? '' : `, ${lost} samples of them dropped`;
  return sides.length === 0 && lost === 0
    ? ''
    : `, call sites of ${sides.join(' and ') || 'nothing'} sampled${dropped}`;
}
