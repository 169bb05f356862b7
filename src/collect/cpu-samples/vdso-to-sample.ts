import type { Reading, Unavailable } from '../../model/reading.ts';
import type { TargetFacts } from '../../model/target.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import type { VdsoPlace } from './vdso-code.ts';

export interface VdsoToSample {
  /** The functions of its own image where that can be read; else of ours, which is the same for a 64-bit process. */
  readonly place: VdsoPlace | undefined;
  /** Ours, unless the target's is known to have other code: then clocks cannot be told apart in it. */
  readonly image: Reading<VdsoImage>;
}

/** What a process maps as its vDSO, as far as is known; `ownVdso`: that of vdsotop. */
export function vdsoToSample(
  { mappings, vdso, bits }: Pick<TargetFacts, 'mappings' | 'vdso' | 'bits'>,
  ownVdso: Reading<VdsoImage>,
): VdsoToSample {
  const is64Bit = 'value' in bits && bits.value === 64;
  const image = is64Bit && !('value' in vdso && !vdso.value.sameAsOurs) ? ownVdso : otherCode;
  if ('unavailable' in mappings) return { place: undefined, image };
  const mapping = mappings.value.find(({ name }) => name === '[vdso]');
  if (mapping === undefined) return { place: undefined, image };
  const ours = 'value' in ownVdso && is64Bit ? ownVdso.value.symbols : [];
  const symbols = 'value' in vdso ? vdso.value.image.symbols : ours;
  return { place: { start: mapping.start, end: mapping.end, symbols }, image };
}

const otherCode: Unavailable = {
  unavailable: 'unsupported',
  detail: "the target's vDSO is not known to be ours",
};
