import type { CallSamples } from '../collect/calls/call-samples.ts';
import type { CallSites } from '../model/call-sites.ts';
import type { Reading } from '../model/reading.ts';

/** Nothing sampled is a reading only where it was possible to sample. `waiting`: samples that are not laid to a site yet. */
export function readSites(
  sites: CallSites,
  waiting: number,
  failure: CallSamples['failure'],
  byTime: boolean,
): Reading<CallSites> {
  if (sites.samples.kernel + sites.samples.vdso + waiting === 0) {
    const reason = failure('kernel') ?? (byTime ? undefined : failure('vdso'));
    if (reason !== undefined) return reason;
  }
  const source = byTime
    ? 'perf events at system call entry, CPU samples in the vDSO'
    : 'perf events at system call entry and on the vDSO';
  return { value: sites, source };
}
