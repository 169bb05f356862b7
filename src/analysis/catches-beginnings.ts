import type { CallSite } from '../model/call-sites.ts';
import type { Window } from '../model/snapshot.ts';
import { clockLooks } from './clock-looks.ts';
import { hitPrices } from './hit-prices.ts';
import { seesBeginnings } from './sees-beginnings.ts';

/** Of bursts that are longer than the bound of a window its first calls are caught, and those that come later may be others'. */
export function catchesBeginnings(window: Window, [site]: readonly CallSite[]): boolean {
  if (site?.side !== 'vdso') return false;
  return seesBeginnings(clockLooks(window.fastWindows, site.fn, hitPrices(window).caught));
}
