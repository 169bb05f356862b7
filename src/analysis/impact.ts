import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import type { Basis } from './basis.ts';
import { totalCoreShare } from './judge-reads.ts';
import { isUnavailable, mapKnown } from './known.ts';
import { shareOfTarget } from './share-of-target.ts';
import { slowFrom } from './slow-from.ts';

/** One per cent of a core is seen on a bill and in a latency; below the bound of a slow verdict it is nothing. */
const highCoreShare = 0.01;
/** Or one twentieth of what the target burns, where that is at least what a slow verdict asks. */
const highTargetCpuShare = 0.05;

export function assessImpact(basis: Basis): Report['impact'] {
  const whole = totalCoreShare(basis);
  const coreShare = mapKnown(whole, ({ value }) => value);
  const targetCpuShare = shareOfTarget(basis, whole);
  return {
    coreShare,
    targetCpuShare,
    fastCoreShare: mapKnown(basis.fastPath.time, ({ vdso }) => vdso),
    kernelSampledCoreShare: kernelSampled(basis),
    level: mapKnown(coreShare, (share) => levelOf(share, targetCpuShare)),
  };
}

function kernelSampled({ fastPath: { time } }: Basis): Known<Interval> {
  return isUnavailable(time) ? time : time.kernelClock;
}

function levelOf(coreShare: number, targetCpuShare: Known<number>): 'none' | 'low' | 'high' {
  if (coreShare >= highCoreShare) return 'high';
  if (coreShare < slowFrom.coreShare) return 'none';
  return !isUnavailable(targetCpuShare) && targetCpuShare >= highTargetCpuShare ? 'high' : 'low';
}
