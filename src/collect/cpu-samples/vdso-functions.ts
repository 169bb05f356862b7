import type { EntryFunction } from '../../model/clock-calls.ts';
import type { VdsoImage } from '../../model/vdso.ts';

/** The functions of a vDSO that read clocks, by offset from the start of its image. */
export interface VdsoFunctions {
  /** The function that an offset lies in; undefined outside of those that are exported. */
  at(offset: number): EntryFunction | undefined;
  /** Where a function begins. */
  startOf(fn: EntryFunction): number | undefined;
}

const names: readonly (readonly [RegExp, EntryFunction])[] = [
  [/^__(vdso|kernel)_clock_gettime(64)?$/, 'clock_gettime'],
  [/^__(vdso|kernel)_clock_getres(_time64)?$/, 'clock_getres'],
  [/^__(vdso|kernel)_gettimeofday$/, 'gettimeofday'],
  [/^__vdso_time$/, 'time'],
  [/^__vdso_getcpu$/, 'getcpu'],
];

export function vdsoFunctions(symbols: VdsoImage['symbols']): VdsoFunctions {
  const upwards = symbols.filter(({ name }) => name.startsWith('__')).sort((a, b) => a.offset - b.offset);
  const fnOf = (name: string | undefined) => names.find(([pattern]) => name !== undefined && pattern.test(name))?.[1];
  return {
    at: (offset) => fnOf(upwards.findLast((symbol) => symbol.offset <= offset)?.name),
    startOf: (fn) => upwards.find(({ name }) => fnOf(name) === fn)?.offset,
  };
}
