import type { ClockLook } from './clock-looks.ts';
import { relativeSpread } from './statistics.ts';

/** Where more of the windows than this saw only how bursts begin, of the rest of the calls is not known what they are … */
const cutInBursts = 0.1;
/** … unless they were used up by calls that come evenly: the spread of their rates, relative to the mean … */
const evenSpread = 0.2;
/** … over at least so many of them: a few may agree by chance. */
const evenWindows = 8;

/** Whether windows saw of bursts but their beginnings. */
export function seesBeginnings(looks: readonly ClockLook[]): boolean {
  const cut = looks.filter(({ isCut }) => isCut);
  if (cut.length <= cutInBursts * looks.length) return false;
  // Those that were used up soon count too, or only the ones that waited as long for a burst were asked.
  const rates = looks.map(({ perMs }) => perMs).filter((perMs) => perMs > 0);
  // One that says it was used up at once makes a spread that is no number, and not an even one.
  return rates.length < evenWindows || !(relativeSpread(rates) <= evenSpread);
}
