import type { EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import { symbolSamples } from './sampled-functions.ts';
import type { SampledTime } from './sampled-time.ts';
import { shareInterval } from './statistics.ts';
import { vdsoSymbols } from './vdso-symbols.ts';

/** Functions of the vDSO whose calls are looked for. */
export const lookedFor = Object.keys(vdsoSymbols) as readonly EntryFunction[];

/**
 * The part of the time in [vdso] that lies in a function; samples outside of any known one may be of each. Undefined where
 * all of them lie there.
 */
export function timeInFunction(time: SampledTime, fn: EntryFunction): Interval | undefined {
  const all = time.vdsoSamples;
  if (all === 0) return { ...time.vdso, value: 0, low: 0 };
  const own = symbolSamples(time, vdsoSymbols[fn] ?? []);
  const loose = symbolSamples(time, ['[vdso]']);
  if (loose === all) return undefined;
  if (own === all) return time.vdso;
  const share = shareInterval(own / all, all);
  // What lies outside (reading a pvclock, say) is called by the others: each is taken to have its part of it.
  const { value, low, high } = { ...share, value: own / (all - loose), high: Math.min(1, share.high + loose / all) };
  return { value: time.vdso.value * value, low: time.vdso.low * low, high: time.vdso.high * high };
}
