import type { EntryFunction } from '../../model/clock-calls.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import type { CallEvent } from './call-plan.ts';

/**
 * What is looked for, the most wanted first: a CPU has four debug registers. arm64 names its functions __kernel_*; only
 * 32-bit images have __vdso_clock_gettime64.
 */
const functions: readonly (readonly [name: string, fn: EntryFunction])[] = [
  ['__vdso_clock_gettime64', 'clock_gettime'],
  ['__vdso_clock_gettime', 'clock_gettime'],
  ['__kernel_clock_gettime', 'clock_gettime'],
  ['__vdso_gettimeofday', 'gettimeofday'],
  ['__kernel_gettimeofday', 'gettimeofday'],
  ['__vdso_time', 'time'],
  ['__vdso_getcpu', 'getcpu'],
];
export const debugRegisters = 4;

/** `base`: where the target maps the image, hexadecimal. Empty where it has none of the functions. */
export function vdsoBreakpoints(base: string, symbols: VdsoImage['symbols']): readonly CallEvent[] {
  const start = Number.parseInt(base, 16);
  return functions
    .flatMap(([name, fn]) => {
      const symbol = symbols.find((one) => one.name === name);
      return symbol === undefined ? [] : [{ fn, address: start + symbol.offset }];
    })
    .slice(0, debugRegisters);
}
