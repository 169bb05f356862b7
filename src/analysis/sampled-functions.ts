import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import { isUnavailable, unavailable } from './known.ts';
import type { SampledTime } from './sampled-time.ts';
import { shareInterval } from './statistics.ts';

/** CPU samples in functions of the vDSO. */
export function symbolSamples(time: Known<SampledTime>, names: readonly string[]): number {
  const symbols = isUnavailable(time) ? {} : time.symbols;
  return names.reduce((sum, name) => sum + (symbols[name] ?? 0), 0);
}

/** vDSO functions that tell the time: a sample inside one is a read, though of which clock it does not say. */
const timeFunctions = /^__(?:vdso|kernel)_(clock_gettime|gettimeofday|time)(?:64)?$/;

/** Functions of the vDSO that were sampled and tell no time, such as getrandom. */
function otherFunctions({ symbols }: SampledTime): readonly string[] {
  return Object.entries(symbols)
    .filter(([name, count]) => count > 0 && name !== '[vdso]' && !timeFunctions.test(name))
    .map(([name]) => name);
}

/** Time in [vdso] without that in functions which tell no time, part of one core. */
export function clockReadTime(time: SampledTime): Interval {
  const others = symbolSamples(time, otherFunctions(time));
  if (others === 0) return time.vdso;
  const own = shareInterval(1 - others / time.vdsoSamples, time.vdsoSamples);
  const { value, low, high } = time.vdso;
  return { value: value * own.value, low: low * own.low, high: high * own.high };
}

/** The functions that tell the time, where none of the others was sampled that may have taken it. */
export function onlyTimeFunctions(time: Known<SampledTime>): Known<readonly string[]> {
  if (isUnavailable(time)) return time;
  const others = otherFunctions(time);
  if (others.length > 0) return unavailable('unsupported', `the vDSO was sampled in ${others.join(', ')} too`);
  const names = sampledTimeFunctions(time);
  return names.length > 0 ? names : unavailable('absent', 'no CPU sample lies in a vDSO function that tells the time');
}

/** The functions of the vDSO that were seen telling the time, the most sampled first: 'clock_gettime()'. */
export function sampledTimeFunctions(time: Known<SampledTime>): readonly string[] {
  const symbols = isUnavailable(time) ? {} : time.symbols;
  return Object.entries(symbols)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .flatMap(([name]) => timeFunctions.exec(name)?.slice(1, 2) ?? [])
    .map((name) => `${name}()`);
}
