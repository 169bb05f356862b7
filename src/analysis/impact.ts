import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import type { Basis } from './basis.ts';
import { totalCoreShare } from './judge-reads.ts';
import { isUnavailable, mapKnown, unavailable } from './known.ts';
import { slowFrom } from './slow-from.ts';

/** One per cent of a core is seen on a bill and in a latency; below the bound of a slow verdict it is nothing. */
const highCoreShare = 0.01;
/** Or one twentieth of what the target burns, where that is at least what a slow verdict asks. */
const highTargetCpuShare = 0.05;

export function assessImpact(basis: Basis): Report['impact'] {
  const coreShare = totalCoreShare(basis);
  const targetCpuShare = shareOfTarget(coreShare, basis.cpuCores);
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

/** A share of a core as a share of the CPU time the target burnt, while it was watched. */
export function shareOfTarget(coreShare: Known<number>, cpuCores: Known<number>): Known<number> {
  if (isUnavailable(coreShare) || coreShare === 0) return coreShare;
  if (isUnavailable(cpuCores)) return cpuCores;
  if (coreShare > cpuCores)
    return unavailable('failed', "the reads are priced higher than all the CPU time the target's clock shows");
  return coreShare / cpuCores;
}
