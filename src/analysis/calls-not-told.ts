import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { clockEntry, neverInVdso } from './clock-table.ts';
import type { CountedEntries } from './counted-entries.ts';
import { isUnavailable } from './known.ts';
import { poissonLower } from './statistics.ts';
import type { VdsoService } from './vdso-service.ts';

/**
 * Calls of clock_gettime that windows counted where none was told its clock: those that count record one of fifteen calls or
 * fewer. 0 where as many reads entered the kernel of clocks that the vDSO hands on: these are then the calls.
 */
export function callsNotTold(window: Window, counted: Known<CountedEntries>, service: VdsoService): number {
  const caught = functionsOf(window.fastWindows);
  const looks = functionsOf(window.fastCounts);
  if (caught.some(({ hits }) => hits.length > 0) || looks.some(({ sampled = [] }) => sampled.length > 0)) return 0;
  const calls = looks.reduce((sum, { hits }) => sum + hits.reduce((all, { count }) => all + count, 0), 0);
  if (calls === 0 || isUnavailable(counted)) return calls;
  const seconds = looks.reduce((sum, { armedMs }) => sum + armedMs / 1_000, 0);
  const handedOn = counted.counts
    .filter(({ fn, slot }) => fn === 'clock_gettime' && isHandedOn(slot, service))
    .reduce((sum, { count }) => sum + count / counted.seconds, 0);
  return poissonLower(calls) > handedOn * seconds ? calls : 0;
}

function functionsOf(windows: Window['fastWindows']) {
  return windows.flatMap(({ armedMs, functions }) =>
    functions.filter(({ fn }) => fn === 'clock_gettime').map((one) => ({ ...one, armedMs })),
  );
}

function isHandedOn(slot: number, service: VdsoService): boolean {
  const served = service(slot);
  return neverInVdso(clockEntry(slot)) || (!isUnavailable(served) && !served.served);
}
