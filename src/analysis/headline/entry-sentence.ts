import type { Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { windowSeconds } from '../coverage.ts';
import { growsWithThreads } from '../grows-with-threads.ts';
import { isUnavailable, known, orElse } from '../known.ts';
import { isShortWatch, nsPhrase, ratePhrase, sharePhrase, timesPhrase } from '../phrase.ts';
import { isExact } from './is-exact.ts';
import type { Scene } from './scene.ts';

/**
 * 'THREAD_CPUTIME_ID enters the kernel 20.1 k/s at 212 ns: 0.43 % of a core'; of a command that is over by now
 * 'THREAD_CPUTIME_ID entered the kernel 12,345 times in 0.2 s at 212 ns: 2.62 ms in all'
 */
export function entrySentence({ basis }: Scene, read: ClockRead): string {
  const { name, slot, fn, perSecond, price, coreShare } = read;
  const seconds = windowSeconds(basis);
  const isOver = basis.window.last.ended && isShortWatch(seconds);
  const rate = orElse(perSecond, 0);
  const entered = isOver
    ? `entered the kernel ${about(basis)}${timesPhrase(rate, seconds)}`
    : `enters the kernel ${about(basis)}${ratePhrase(rate)}`;
  if (isUnavailable(price) || isUnavailable(coreShare)) return `${name} ${entered}; what that costs is not known`;
  const grows = fn === 'clock_gettime' && growsWithThreads(slot, basis.threads);
  const roughly = price.standIn === undefined ? '' : 'about ';
  const at = grows
    ? `at ${roughly}${nsPhrase(price.ns.value)} or more (it adds up all threads)`
    : `at ${roughly}${nsPhrase(price.ns.value)}`;
  const cost = isOver
    ? `${nsPhrase(coreShare.value * seconds * 1e9)} in all`
    : `${sharePhrase(coreShare.value)} of a core`;
  return `${name} ${entered} ${at}: ${grows ? 'at least ' : ''}${cost}${tracerPhrase(basis)}`;
}

function about(basis: Basis): string {
  return isExact(basis) ? '' : 'about ';
}

/** Our own process, where the price was taken, has no tracer. */
function tracerPhrase({ window }: Basis): string {
  const tracer = known(window.last.target.tracerPid);
  return isUnavailable(tracer) || tracer === 0 ? '' : ' without what its tracer adds';
}
