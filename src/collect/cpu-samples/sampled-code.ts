import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { type CallMoments, createCallMoments } from './call-moments.ts';
import { type VdsoCode, type VdsoPlace, vdsoCode } from './vdso-code.ts';

/** The vDSO as a sampled process maps it; of processes that were forked from one another it is one and the same. */
export interface SampledCode extends VdsoCode {
  /** Calls that samples interrupt in it; absent where they are only counted. */
  readonly moments?: CallMoments;
}

/** `image`: where calls are wanted, that of ours whose code it has, or why clocks cannot be told apart in it. */
export function createSampledCode(vdso: VdsoPlace, image?: Reading<VdsoImage>): SampledCode {
  return { ...vdsoCode(vdso), ...(image !== undefined && { moments: createCallMoments(vdso, image) }) };
}
