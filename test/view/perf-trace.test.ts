import { describe, expect, it } from 'vitest';
import { gridText } from '../../src/view/cells.ts';
import { perfTraceText, traceRows } from '../../src/view/perf-trace.ts';
import { traceResult } from '../ui/fake-session.ts';

describe('perf trace', () => {
  it('is asked for with its predicted cost', () => {
    const text = gridText(traceRows({ step: 'asking', seconds: 2, warning: 'it would cost most of its time' }, 80));
    expect(text).toContain('it would cost most of its time');
    expect(text).toMatch(/y let perf trace count for 2\.0 s +n leave the target alone/);
  });

  it('is laid beside the exact count with the slowdown it caused', () => {
    const text = perfTraceText(traceResult);
    expect(text).toMatch(/perf trace, clock_gettime +58 k calls in 2\.0 s/);
    expect(text).toMatch(/vdsotop counted +60\.1 k calls in [\d.]+ s/);
    expect(text).toContain(`calls in ${traceResult.exactSeconds.toFixed(1)} s`);
    expect(text).not.toContain('same stretch');
    expect(text).toContain('the target made 30 % of the calls it made before');
  });

  it('claims no slowdown that was not measured', () => {
    const unknown = { unavailable: 'absent', detail: 'no exact counter' } as const;
    const text = perfTraceText({ ...traceResult, exactCalls: unknown, before: unknown, during: unknown });
    expect(text).toMatch(/vdsotop counted +absent/);
    expect(text).toContain('could not be measured');
    expect(perfTraceText({ ...traceResult, before: 0, during: 0 })).toContain('cannot be said');
    expect(perfTraceText({ ...traceResult, before: 10, during: 11 })).toContain('did not fall');
  });

  it('says why it could not run and what to do', () => {
    const text = perfTraceText({
      unavailable: 'absent',
      detail: 'perf is not installed',
      remedy: 'apt-get install linux-perf',
    });
    expect(text).toContain('absent: perf is not installed');
    expect(text).toContain('try: apt-get install linux-perf');
  });

  it('tells a perf that printed nothing from one that counted zero', () => {
    expect(perfTraceText({ ...traceResult, perfTraceCalls: {} })).toContain('printed no call');
    expect(perfTraceText({ ...traceResult, perfTraceCalls: { clock_gettime: 0 } })).toMatch(/clock_gettime +0 calls/);
  });
});
