import type { CallSite } from '../model/call-sites.ts';

export function samplesByThread(sites: readonly CallSite[]): ReadonlyMap<number, number> {
  const samples = new Map<number, number>();
  for (const site of sites) samples.set(site.tid, (samples.get(site.tid) ?? 0) + site.samples);
  return samples;
}
