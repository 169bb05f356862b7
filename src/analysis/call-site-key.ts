import type { CallSite } from '../model/call-sites.ts';
import { rememberingOf } from './remembering-of.ts';

/** The same of one place, thread and way to it, in every snapshot; each site is asked for it in every frame of a window. */
export const callSiteKey = rememberingOf(({ side, fn, slot, tid, place, callers, foundBy }: CallSite): string => {
  const addresses = [place, ...callers].map(({ address }) => address);
  return [side, fn, slot, tid, foundBy, ...addresses].join(' ');
});
