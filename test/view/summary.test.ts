import { describe, expect, it } from 'vitest';
import { gridText } from '../../src/view/cells.ts';
import { headerRows } from '../../src/view/header.ts';
import { renderReportText } from '../../src/view/report-text.ts';
import { exitSummary } from '../../src/view/summary.ts';
import { demoReport, deniedReport, frameOf, frames, healthyReport } from '../ui/frames.ts';

describe('the summary on the primary screen', () => {
  it.each(Object.entries(frames))(
    'of the %s frame has five printable lines that end "target never stopped"',
    (_name, { report }) => {
      const lines = exitSummary(report);
      expect(lines.length).toBe(5);
      expect(lines.at(-1)).toMatch(/target never stopped$/);
      for (const line of lines) expect(line).not.toMatch(/[\p{C}]/u);
    },
  );

  it('says coverage, verdict, the clock, its cause with the fix, and the cost of watching', () => {
    const [coverage, verdict, clock, cause, cost] = exitSummary(demoReport);
    expect(coverage).toBe('vdsotop: vdsotop-demo (pid 4711): watched 14 s, all 4 threads, every entry counted');
    expect(verdict).toBe(`SLOW: ${demoReport.headline}`);
    expect(clock).toBe(
      'clock: THREAD_CPUTIME_ID, 100 k kernel entries/s, 298 ns each by syscall, 3 % of a core; 100 % from read_cputime+0x3c in vdsotop-demo, by clock_gettime in libc.so.6',
    );
    expect(cause).toMatch(/^cause: CONFIRMED No vDSO serves .*; fix: read CLOCK_MONOTONIC/);
    expect(cost).toContain('+150 ns per counted read');
  });

  it('claims nothing that was not seen', () => {
    expect(exitSummary(deniedReport)[2]).toBe('clock: REALTIME, kernel entries denied');
    expect(exitSummary(healthyReport)[2]).toBe('clock: REALTIME, no kernel entry in the last window');
    expect(exitSummary(healthyReport)[3]).toBe('cause: none to name');
  });
});

const everywhere = (report: typeof demoReport) => [
  exitSummary(report).join('\n'),
  renderReportText(report, 80).replace(/\s+/g, ' '),
  gridText(headerRows(frameOf(report), 200, 2)),
];

describe('the name and the price of counting, in summary, report and header', () => {
  it.each(['', '\u0001\u001b'])('say of %j that it is unnamed', (comm) => {
    const unnamed = { ...demoReport, target: { ...demoReport.target, comm } };
    for (const text of everywhere(unnamed)) expect(text).toContain('(unnamed) (pid 4711)');
  });

  it('read well where the price was lost in the noise, or not measured', () => {
    const without = (detail: string) => ({
      ...demoReport,
      cost: { ...demoReport.cost, addedNsPerEntry: { unavailable: 'failed', detail } as const },
    });
    for (const text of everywhere(without('lost in the noise: a read was no dearer while it was counted')))
      expect(text).toContain('cost per counted read lost in the noise');
    for (const text of everywhere(without('no batch was timed')))
      expect(text).toContain('cost per counted read not known: no batch was timed');
  });
});
