import { describe, expect, it, onTestFinished } from 'vitest';
import { sampledCallSites } from '../../src/analysis/call-sites.ts';
import { isUnavailable } from '../../src/analysis/known.ts';
import type { CallSites } from '../../src/model/call-sites.ts';
import { createEventLog } from '../../src/session/event-log.ts';
import { createProbes } from '../../src/session/probes.ts';
import { withoutEarlySites } from '../../src/session/without-early-sites.ts';
import { skipWithoutBreakpoints } from '../collect/calls/skip-without-breakpoints.ts';
import { start } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';

describe('who called the vDSO before the first snapshot', () => {
  it('is of the stretch after it, as what was counted is', async () => {
    skipWithoutBreakpoints();
    const program = await start(buildProgram('mixed-reads'), ['--rate', '20000', 'often:1:libc:1']);
    const probes = createProbes(
      { pid: program.pid, startsWithExec: false, counter: 'perf', children: false, fastCallsBudget: 0.05 },
      createEventLog(),
    );
    onTestFinished(() => probes.close());
    await probes.arm();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const first = await probes.snapshot(0);
    // Nothing is looked at between the two: all that the second has is from before the first.
    const last = await probes.snapshot(0);
    const hits = last.fastWindows.flatMap(({ functions }) => functions.flatMap((one) => one.hits));
    expect(hits.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
    const sampled = sampledCallSites({ first, last });
    if (isUnavailable(sampled)) throw new Error(sampled.detail);
    const callers = sampled.sites.filter(({ side }) => side === 'vdso').map((site) => site.callers[1]?.symbol);
    expect(new Set(callers)).toEqual(new Set(['often_libc']));
    await program.end();
  });

  const place = { address: '1000', kind: 'executable' } as const;
  const site = { fn: 'clock_gettime', slot: 1, tid: 1, place, callers: [], foundBy: 'none', samples: 3 } as const;
  const sampled: CallSites = {
    sites: [
      { side: 'kernel', ...site },
      { side: 'vdso', ...site },
    ],
    samples: { kernel: 3, vdso: 3 },
    lost: 0,
  };

  it('is put off; who entered the kernel is counted from there, as entries are', () => {
    const { value } = withoutEarlySites({ value: sampled, source: 'test' }) as { value: CallSites };
    expect(value.sites.map(({ side }) => side)).toEqual(['kernel']);
    expect(value.samples).toEqual({ kernel: 3, vdso: 0 });
  });

  it('stays where it was sampled by time, and unavailable where it is', () => {
    const byTime = { value: { ...sampled, vdsoBy: 'time' }, source: 'test' } as const;
    expect(withoutEarlySites(byTime)).toEqual(byTime);
    const absent = { unavailable: 'absent', detail: 'test' } as const;
    expect(withoutEarlySites(absent)).toBe(absent);
  });
});
