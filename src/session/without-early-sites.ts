import { mapReading } from '../collect/reading.ts';
import type { CallSites } from '../model/call-sites.ts';
import type { Reading } from '../model/reading.ts';

/**
 * The call sites that a stretch begins with: breakpoint windows from before it are counted in it (put-off-calls.ts), so who
 * called in them is too. Samples of time, and of the kernel's side, stand beside counts that begin with the stretch.
 */
export function withoutEarlySites(callSites: Reading<CallSites>): Reading<CallSites> {
  return mapReading(callSites, (sampled) =>
    sampled.vdsoBy === 'time'
      ? sampled
      : {
          ...sampled,
          sites: sampled.sites.filter(({ side }) => side === 'kernel'),
          samples: { ...sampled.samples, vdso: 0 },
        },
  );
}
