import type { Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { growsWithThreads } from '../grows-with-threads.ts';
import { isUnavailable, known, orElse } from '../known.ts';
import { nsPhrase, ratePhrase, sharePhrase } from '../phrase.ts';
import { isExact } from './is-exact.ts';
import type { Scene } from './scene.ts';

/** 'THREAD_CPUTIME_ID enters the kernel 20.1 k/s at 212 ns: 0.43 % of a core' */
export function entrySentence({ basis }: Scene, read: ClockRead): string {
  const { name, slot, fn, perSecond, price, coreShare } = read;
  const rate = `${isExact(basis) ? '' : 'about '}${ratePhrase(orElse(perSecond, 0))}`;
  if (isUnavailable(price) || isUnavailable(coreShare))
    return `${name} enters the kernel ${rate}; what that costs is not known`;
  const grows = fn === 'clock_gettime' && growsWithThreads(slot, basis.threads);
  const about = price.standIn === undefined ? '' : 'about ';
  const at = grows
    ? `at ${about}${nsPhrase(price.ns.value)} or more (it adds up all threads)`
    : `at ${about}${nsPhrase(price.ns.value)}`;
  const share = `${grows ? 'at least ' : ''}${sharePhrase(coreShare.value)} of a core`;
  return `${name} enters the kernel ${rate} ${at}: ${share}${tracerPhrase(basis)}`;
}

/** Our own process, where the price was taken, has no tracer. */
function tracerPhrase({ window }: Basis): string {
  const tracer = known(window.last.target.tracerPid);
  return isUnavailable(tracer) || tracer === 0 ? '' : ' without what its tracer adds';
}
