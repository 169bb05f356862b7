import type { EntryFunction } from '../model/clock-calls.ts';
import type { VdsoImage } from '../model/vdso.ts';
import { vdsoSymbols } from './vdso-symbols.ts';

export function hasVdsoFunction({ symbols }: Pick<VdsoImage, 'symbols'>, fn: EntryFunction): boolean {
  const names = vdsoSymbols[fn] ?? [];
  return symbols.some(({ name }) => names.includes(name));
}
