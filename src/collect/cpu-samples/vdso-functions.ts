import type { EntryFunction } from '../../model/clock-calls.ts';
import type { VdsoImage } from '../../model/vdso.ts';

/** The functions of a vDSO, by offset from the start of its image. */
export interface VdsoFunctions {
  /** Name of the symbol that begins last at or before an offset; undefined before the first. */
  nameAt(offset: number): string | undefined;
  /** The function that an offset lies in; undefined where it reads no clock, or outside of those that are exported. */
  at(offset: number): EntryFunction | undefined;
  /** Where a function begins. */
  startOf(fn: EntryFunction): number | undefined;
}

const names: readonly (readonly [RegExp, EntryFunction])[] = [
  [/^__(vdso|kernel)_clock_gettime(64)?$/, 'clock_gettime'],
  [/^__(vdso|kernel)_clock_getres(_time64)?$/, 'clock_getres'],
  [/^__(vdso|kernel)_gettimeofday$/, 'gettimeofday'],
  [/^__(vdso|kernel)_time$/, 'time'],
  [/^__(vdso|kernel)_getcpu$/, 'getcpu'],
];

export function vdsoFunctions(symbols: VdsoImage['symbols']): VdsoFunctions {
  const upwards = symbols.filter(({ name }) => name.startsWith('__')).sort((a, b) => a.offset - b.offset);
  const fnOf = (name: string | undefined) => names.find(([pattern]) => name !== undefined && pattern.test(name))?.[1];
  const nameAt = (offset: number) => upwards.findLast((symbol) => symbol.offset <= offset)?.name;
  return {
    nameAt,
    at: (offset) => fnOf(nameAt(offset)),
    startOf: (fn) => upwards.find(({ name }) => fnOf(name) === fn)?.offset,
  };
}
