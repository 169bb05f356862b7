import { describe, expect, it } from 'vitest';
import { siteSteps } from '../../src/analysis/site-steps.ts';
import type { CallSite, CallSites } from '../../src/model/call-sites.ts';
import { collectGarbage } from '../collect-garbage.ts';

/** Snapshots in each of which one place has been sampled so many times by then. */
function sampledBy(counts: readonly number[]) {
  return counts.map((samples) => {
    const site = { side: 'kernel', fn: 'clock_gettime', slot: 3, tid: 7, samples, callers: [], foundBy: 'none' };
    const sites = [{ ...site, place: { address: '10', kind: 'program' } }] as unknown as readonly CallSite[];
    const value = { sites, samples: { kernel: samples, vdso: 0 }, lost: 0 } as unknown as CallSites;
    return { callSites: { value, source: 'made up' } };
  });
}

/** Looks at five snapshots two by two, as they come; answers the last one, and the first as far as anything else holds it. */
function lookedAtInTurn() {
  const snapshots = sampledBy([1, 2, 3, 4, 5]);
  for (const [index, after] of snapshots.slice(1).entries()) siteSteps([snapshots[index] ?? after, after]);
  return { last: snapshots.at(-1), first: new WeakRef(snapshots[0]?.callSites ?? {}) };
}

describe('what was sampled from one snapshot to the next', () => {
  it('is the same list however often it is asked for, and none where nothing was', () => {
    const snapshots = sampledBy([10, 13, 13, 20]);
    const steps = siteSteps(snapshots);
    expect(steps.map((step) => step.map(({ samples }) => samples))).toEqual([[3], [7]]);
    expect(siteSteps(snapshots.slice(2))[0]).toBe(steps[1]);
  });

  it('holds no snapshot that nobody else does, however many came since', async () => {
    const { last, first } = lookedAtInTurn();
    // What a WeakRef was asked or made of stays to the end of its turn.
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    expect(first.deref()).toBeUndefined();
    expect(last).toBeDefined();
  });
});
