import type { CallSite } from '../model/call-sites.ts';
import type { FastWindow, FastWindowFunction } from '../model/fast-reads.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { sampledCallSites } from './call-sites.ts';
import { clockEntry, neverInVdso } from './clock-table.ts';
import type { CountedEntries } from './counted-entries.ts';
import { isUnavailable } from './known.ts';
import { poissonLower } from './statistics.ts';
import type { VdsoService } from './vdso-service.ts';

/**
 * Calls of clock_gettime that windows counted where none was told its clock: those that count record one of fifteen calls or
 * fewer. 0 where the threads that they looked at made as many reads that the vDSO handed on: these are then the calls.
 */
export function callsNotTold(window: Window, counted: Known<CountedEntries>, service: VdsoService): number {
  const caught = looksOf(window.fastWindows);
  const looks = looksOf(window.fastCounts);
  if (caught.some(({ hits }) => hits.length > 0) || looks.some(({ sampled = [] }) => sampled.length > 0)) return 0;
  const calls = callsIn(looks);
  if (calls === 0 || isUnavailable(counted)) return calls;
  const watched = new Set(looks.map(({ tid }) => tid));
  const handedOn = handedOnBy(window, counted, service, watched.size);
  const rates = new Map([...watched].map((tid) => [tid, handedOn(tid)]));
  const rateOf = ({ tid }: Look) => rates.get(tid) ?? 0;
  if (callsIn(looks.filter((look) => rateOf(look) === 0)) > 0) return calls;
  const expected = looks.reduce((sum, look) => sum + rateOf(look) * (look.armedMs / 1_000), 0);
  return poissonLower(calls) > expected ? calls : 0;
}

interface Look extends FastWindowFunction {
  readonly tid: number;
  readonly armedMs: number;
}

function looksOf(windows: readonly FastWindow[]): readonly Look[] {
  return windows.flatMap(({ tid, armedMs, functions }) =>
    functions.filter(({ fn }) => fn === 'clock_gettime').map((one) => ({ ...one, tid, armedMs })),
  );
}

function callsIn(looks: readonly Look[]): number {
  return looks.reduce((sum, { hits }) => sum + hits.reduce((all, { count }) => all + count, 0), 0);
}

/** Reads a second of one thread that enter by way of the vDSO; where they are laid to none, an even part of all. */
function handedOnBy(
  window: Window,
  { counts, threads, seconds }: CountedEntries,
  service: VdsoService,
  watched: number,
): (tid: number) => number {
  const sampled = sampledCallSites(window);
  const sites = isUnavailable(sampled) ? [] : sampled.sites.filter(({ side }) => side === 'kernel');
  const isOfVdso = ({ fn, slot }: CountedEntries['counts'][number]) =>
    fn === 'clock_gettime' && isHandedOn(slot, service);
  return (tid) => {
    const own = isUnavailable(threads) ? counts : threads.filter((entry) => entry.tid === tid);
    const reads = own.filter(isOfVdso).reduce((sum, { slot, count }) => sum + count * throughVdso(sites, slot, tid), 0);
    return reads / seconds / (isUnavailable(threads) ? watched : 1);
  };
}

function isHandedOn(slot: number, service: VdsoService): boolean {
  const served = service(slot);
  return neverInVdso(clockEntry(slot)) || (!isUnavailable(served) && !served.served);
}

/** What part of a clock's entries is not made past the vDSO, as sampled in the thread or, if never there, in all of them. */
function throughVdso(sites: readonly CallSite[], clock: number, tid: number): number {
  const all = sites.filter(({ fn, slot }) => fn === 'clock_gettime' && slot === clock);
  const own = all.filter((site) => site.tid === tid);
  const sampled = own.length > 0 ? own : all;
  const past = sampled.filter(({ place: { kind } }) => kind !== 'vdso' && kind !== 'unknown');
  return sampled.length === 0 ? 1 : 1 - samplesOf(past) / samplesOf(sampled);
}

function samplesOf(sites: readonly CallSite[]): number {
  return sites.reduce((sum, { samples }) => sum + samples, 0);
}
