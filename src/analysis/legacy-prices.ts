import type { PriceNs } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import { orElse, unavailable } from './known.ts';

/** What one time function costs by each way to call it, unwatched; a way that could not be timed is absent. */
export interface PathPrices {
  readonly fn: 'gettimeofday' | 'time' | 'getcpu';
  readonly vsyscall?: PriceNs;
  readonly syscall?: PriceNs;
  readonly vdso?: PriceNs;
}

const legacy = { vsyscall_gettimeofday: 'gettimeofday', vsyscall_time: 'time', vsyscall_getcpu: 'getcpu' } as const;
const paths = ['vsyscall', 'syscall', 'vdso'] as const;

/** Of the functions that were called by the legacy page in the window. */
export function legacyPrices({ functions, prices }: Basis): Known<readonly PathPrices[]> {
  const called = functions.flatMap(({ fn, entries }) =>
    fn in legacy && orElse(entries, 0) > 0 ? [legacy[fn as keyof typeof legacy]] : [],
  );
  const priced = called.map((fn): PathPrices => {
    const byPath = paths.map((path) => [path, prices.unwatched({ call: fn, path })] as const);
    return { fn, ...Object.fromEntries(byPath.filter(([, price]) => price !== undefined)) };
  });
  const timed = priced.filter(({ vsyscall, syscall, vdso }) => (vsyscall ?? syscall ?? vdso) !== undefined);
  return timed.length > 0 ? timed : unavailable('absent', 'no function that is called by the legacy page was timed');
}
