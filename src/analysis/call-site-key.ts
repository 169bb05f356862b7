import type { CallSite } from '../model/call-sites.ts';

/** The same of one place, thread and way to it, in every snapshot. */
export function callSiteKey({ side, fn, slot, tid, place, callers, foundBy }: CallSite): string {
  const addresses = [place, ...callers].map(({ address }) => address);
  return [side, fn, slot, tid, foundBy, ...addresses].join(' ');
}
