import type { Reading, Unavailable } from '../../model/reading.ts';
import type { TargetFacts } from '../../model/target.ts';
import type { VdsoImage } from '../../model/vdso.ts';

/** Where a process maps its vDSO (hexadecimal), and what that has; or why there is none to look at. */
export type VdsoToWatch = { readonly base: string; readonly symbols: VdsoImage['symbols'] } | Unavailable;

/** Its own image where it can be read; else ours, since the kernel maps one into every 64-bit process. */
export function vdsoToWatch(
  { mappings, bits, vdso }: Pick<TargetFacts, 'mappings' | 'bits' | 'vdso'>,
  ownVdso: Reading<VdsoImage>,
): VdsoToWatch {
  if ('unavailable' in mappings) return mappings;
  const mapping = mappings.value.find(({ name }) => name === '[vdso]');
  if (mapping === undefined) return { unavailable: 'absent', detail: 'the target has no [vdso] mapping' };
  const base = mapping.start;
  if ('value' in vdso) return { base, symbols: vdso.value.image.symbols };
  if ('value' in bits && bits.value === 32) return vdso;
  return 'unavailable' in ownVdso ? ownVdso : { base, symbols: ownVdso.value.symbols };
}
