import type { CallSite } from '../model/call-sites.ts';

/** Each site is asked for its own in every frame of a window. */
const known = new WeakMap<CallSite, string>();

/** The same of one place, thread and way to it, in every snapshot. */
export function callSiteKey(site: CallSite): string {
  const before = known.get(site);
  if (before !== undefined) return before;
  const { side, fn, slot, tid, place, callers, foundBy } = site;
  const addresses = [place, ...callers].map(({ address }) => address);
  const key = [side, fn, slot, tid, foundBy, ...addresses].join(' ');
  known.set(site, key);
  return key;
}
