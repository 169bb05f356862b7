import { describe, expect, it } from 'vitest';
import { exitSummary } from '../../src/view/summary.ts';
import { demoReport, deniedReport, frames, healthyReport } from '../ui/frames.ts';

describe('the summary on the primary screen', () => {
  it.each(Object.entries(frames))(
    'of the %s frame has five printable lines that end "target untouched"',
    (_name, { report }) => {
      const lines = exitSummary(report);
      expect(lines.length).toBe(5);
      expect(lines.at(-1)).toMatch(/target untouched$/);
      for (const line of lines) expect(line).not.toMatch(/[\p{C}]/u);
    },
  );

  it('says coverage, verdict, the clock, its cause with the fix, and the cost of watching', () => {
    const [coverage, verdict, clock, cause, cost] = exitSummary(demoReport);
    expect(coverage).toBe('vdsotop: vdsotop-demo (pid 4711): watched 14 s, all 4 threads, every entry counted');
    expect(verdict).toBe(`SLOW: ${demoReport.headline}`);
    expect(clock).toBe('clock: THREAD_CPUTIME_ID, 100 k kernel entries/s, 298 ns each by syscall, 3 % of a core');
    expect(cause).toMatch(/^cause: CONFIRMED No vDSO serves .*; fix: read CLOCK_MONOTONIC/);
    expect(cost).toContain('+150 ns per counted read');
  });

  it('claims nothing that was not seen', () => {
    expect(exitSummary(deniedReport)[2]).toBe('clock: REALTIME, kernel entries denied');
    expect(exitSummary(healthyReport)[2]).toBe('clock: REALTIME, no kernel entry in the last window');
    expect(exitSummary(healthyReport)[3]).toBe('cause: none to name');
  });
});
