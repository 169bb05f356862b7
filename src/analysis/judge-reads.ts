import type { ReadPath } from '../model/clocks.ts';
import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import { allReads, type Basis } from './basis.ts';
import type { ClockRead } from './clock-read.ts';
import { addKnown, isUnavailable, known, orElse } from './known.ts';
import { lacksVdso } from './lacks-vdso.ts';
import { sampledTimeFunctions } from './sampled-functions.ts';
import { slowFrom } from './slow-from.ts';
import { hasLooked } from './witnessed-calls.ts';

export type ReadVerdict = 'slow' | 'fast' | 'idle' | 'unknown';

/** What this run can see; a healthy word is said only with both eyes open. */
export interface Sight {
  /** Kernel entries are counted, those of 32-bit code too unless it has none, and a count of 0 means that there was none. */
  readonly seesEntries: boolean;
  /** vDSO calls are witnessed, and the witness did look; or there is no vDSO that could be called. */
  readonly seesCalls: boolean;
  /** Known to be a 64-bit target: only of such a one does the place of the instruction tell whether the vDSO was asked. */
  readonly is64Bit: boolean;
}

export function sightOf({ window, counted, witnessed }: Basis): Sight {
  const is64Bit = known(window.last.target.bits) === 64;
  return {
    seesEntries: !isUnavailable(counted) && counted.method !== 'perf-trace' && (is64Bit || counted.sees32Bit === true),
    seesCalls: lacksVdso(window) || (!isUnavailable(witnessed) && hasLooked(witnessed)),
    is64Bit,
  };
}

/** 'over' and 'under' the bounds beyond which a clock is slow; 'untold' where its fast reads are not bounded enough. */
export type ShareVerdict = 'over' | 'under' | 'untold';

/**
 * Slow means: all reads R are at least 10 a second, and entries E are more than 5 % of them, so 10 ≤ R < 20 E. R is E
 * and the fast reads, of which only bounds are known: the answer is told when no R within them changes it.
 */
export function judgeShare({ perSecond, fast, tellsTime, healthyServes }: ClockRead): ShareVerdict {
  if (!tellsTime || !healthyServes || perSecond === 0) return 'under';
  if (isUnavailable(perSecond)) return 'untold';
  const mostReads = perSecond / slowFrom.entryShare;
  const low = perSecond + fast.low;
  const high = perSecond + fast.high;
  if (mostReads <= slowFrom.readsPerSecond || high < slowFrom.readsPerSecond || low >= mostReads) return 'under';
  return low >= slowFrom.readsPerSecond && high < mostReads ? 'over' : 'untold';
}

export function judgeRead(read: ClockRead, sight: Sight): ReadVerdict {
  const { perSecond, coreShare } = read;
  if (!isUnavailable(coreShare) && coreShare.value >= slowFrom.coreShare) return 'slow';
  if (isUnavailable(perSecond) || !sight.seesEntries) return 'unknown';
  const share = judgeShare(read);
  if (share === 'over') return 'slow';
  if (isUnavailable(coreShare) || share === 'untold') return 'unknown';
  if (perSecond > 0 || orElse(read.hits, 0) > 0) return 'fast';
  return seesCallsOf(read, sight) ? 'idle' : 'unknown';
}

/**
 * vDSO calls of clock_getres are not witnessed, and those that a probe knows of and cannot tell may be of any clock that no
 * other was told of; a legacy vsyscall is seen whole as it enters.
 */
function seesCallsOf({ fn, hits, calls, mayBeMissed }: ClockRead, { seesCalls }: Sight): boolean {
  if (fn.startsWith('vsyscall_') || calls.high === 0) return seesCalls;
  return seesCalls && !isUnavailable(hits) && !mayBeMissed;
}

/** The judgement of the whole target; `idle`: unknown because nothing was read, and not because of blindness. */
export function judgeTarget(
  basis: Basis,
  sight: Sight,
): { readonly verdict: 'slow' | 'fast' | 'unknown'; readonly idle: boolean } {
  const reads = allReads(basis);
  const verdicts = reads.map((read) => judgeRead(read, sight));
  const cost = totalCoreShare(basis);
  if (verdicts.includes('slow') || (!isUnavailable(cost) && cost.value >= slowFrom.coreShare))
    return { verdict: 'slow', idle: false };
  const told = reads.every((read, index) => verdicts[index] !== 'unknown' || nothingSeen(read));
  if (!told || !sight.seesEntries || isUnavailable(cost)) return { verdict: 'unknown', idle: false };
  const seen =
    reads.some((read) => read.tellsTime && !nothingSeen(read)) ||
    basis.callsNotTold > 0 ||
    sampledTimeFunctions(basis.fastPath.time).length > 0;
  if (seen) return { verdict: 'fast', idle: false };
  const { threadsNotLookedAt, earlyCores } = basis.fastPath;
  const idle =
    threadsNotLookedAt === 0 && earlyCores === 0 && reads.every((read) => !read.tellsTime || seesCallsOf(read, sight));
  return { verdict: 'unknown', idle };
}

/** Part of one core that all kernel entries cost together. */
export function totalCoreShare(basis: Basis): Known<Interval> {
  return addKnown(allReads(basis).map(({ coreShare }) => coreShare));
}

function nothingSeen({ perSecond, hits }: ClockRead): boolean {
  return perSecond === 0 && orElse(hits, 0) === 0;
}

/**
 * How the reads that were seen went. With the witness open a served clock of which only kernel entries were seen is
 * read by syscall; without it nobody knows.
 */
export function pathOf(read: ClockRead, sight: Sight): ReadPath {
  const { fn, perSecond, hits, fast } = read;
  if (isUnavailable(perSecond)) return 'unknown';
  if (fn.startsWith('vsyscall_')) return perSecond > 0 ? 'vsyscall' : 'none';
  const caught = orElse(hits, 0) > 0;
  if (perSecond === 0) return sight.seesEntries ? pathWithoutEntries(read, sight) : 'unknown';
  if (fast.high === 0) return 'syscall';
  if (caught && sight.seesCalls) return 'mixed';
  return seesCallsOf(read, sight) ? 'syscall' : 'unknown';
}

function pathWithoutEntries(read: ClockRead, sight: Sight): ReadPath {
  if (orElse(read.hits, 0) > 0) return 'vdso';
  return seesCallsOf(read, sight) ? 'none' : 'unknown';
}
