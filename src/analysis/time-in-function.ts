import type { EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import { type SampledTime, symbolSamples } from './sampled-time.ts';
import { shareInterval } from './statistics.ts';

const symbolsOf: { readonly [F in EntryFunction]?: readonly string[] } = {
  clock_gettime: ['__vdso_clock_gettime', '__vdso_clock_gettime64', '__kernel_clock_gettime'],
  gettimeofday: ['__vdso_gettimeofday', '__kernel_gettimeofday'],
  time: ['__vdso_time', '__kernel_time'],
  getcpu: ['__vdso_getcpu', '__kernel_getcpu'],
};

/** Functions of the vDSO whose calls are looked for. */
export const lookedFor = Object.keys(symbolsOf) as readonly EntryFunction[];

/**
 * The part of the time in [vdso] that lies in a function; samples outside of any known one may be of each. Undefined where
 * all of them lie there.
 */
export function timeInFunction(time: SampledTime, fn: EntryFunction): Interval | undefined {
  const all = time.vdsoSamples;
  if (all === 0) return { ...time.vdso, value: 0, low: 0 };
  const own = symbolSamples(time, symbolsOf[fn] ?? []);
  const loose = symbolSamples(time, ['[vdso]']);
  if (loose === all) return undefined;
  if (own === all) return time.vdso;
  const share = shareInterval(own / all, all);
  // What lies outside (reading a pvclock, say) is called by the others: each is taken to have its part of it.
  const { value, low, high } = { ...share, value: own / (all - loose), high: Math.min(1, share.high + loose / all) };
  return { value: time.vdso.value * value, low: time.vdso.low * low, high: time.vdso.high * high };
}
