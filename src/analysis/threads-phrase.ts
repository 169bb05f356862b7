import type { ProcessCoverage } from '../model/report.ts';
import type { Basis } from './basis.ts';
import { endedThreads } from './ended-threads.ts';
import { isUnavailable } from './known.ts';

/** 'all 37 threads and 3 that ended'; of a tree 'all 5 threads of the 4 processes there now, and 9 processes that ended' */
export function threadsPhrase(basis: Basis, processes: ProcessCoverage | undefined): string {
  const { threads, counted } = basis;
  if (isUnavailable(threads)) return 'number of threads not known';
  const all = isUnavailable(counted) ? '' : 'all ';
  const tree = processes === undefined || processes.count === 1 ? '' : ` of the ${processes.count} processes there now`;
  return `${threads === 1 ? 'its one thread' : `${all}${threads} threads${tree}`}${endedPart(basis, processes)}`;
}

const onlyBounded = '(vDSO calls of short-lived ones are only bounded)';

/** Each process that ended was a thread at least: threads are told where there were more of them. */
function endedPart(basis: Basis, processes: ProcessCoverage | undefined): string {
  const threads = endedThreads(basis);
  if (processes !== undefined && isUnavailable(basis.livedThreads)) return ' (how many ended is not known)';
  if (threads === 0) return '';
  const { ended = 0 } = processes ?? {};
  if (ended === 0) return ` and ${threads} that ended ${onlyBounded}`;
  const whole = `${ended} ${ended === 1 ? 'process' : 'processes'}`;
  return `, and ${threads > ended ? `${threads} threads and ${whole}` : whole} that ended ${onlyBounded}`;
}
