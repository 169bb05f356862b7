import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/view/printable.ts';
import { renderReportText } from '../../src/view/report-text.ts';
import { demoReport, deniedReport, frames, healthyReport, hostileReport, idleReport } from '../ui/frames.ts';

describe('the plain report', () => {
  it.each(Object.entries(frames))('of the %s frame keeps its shape in a ticket', (_name, { report }) => {
    const text = renderReportText(report, 80);
    expect(text).toBe(text.trimEnd());
    for (const line of text.split('\n')) {
      expect(textWidth(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/[\p{C}]|\s$/u);
    }
  });

  it('answers first, then proves', () => {
    const text = renderReportText(demoReport, 80);
    const parts = [
      'SLOW: vdsotop-demo (pid 4711)',
      'THREAD_CPUTIME_ID enters the kernel',
      'every entry counted',
      'clocksource',
      'REALTIME ',
      'CONFIRMED',
      'clock-never-in-vdso',
      'busiest threads',
      '[vdso]',
      'events',
      'every reading was available',
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('names every finding by its public id', () => {
    const text = renderReportText(demoReport, 80);
    for (const { id } of demoReport.findings) expect(text).toContain(id);
  });

  it('says where the nanoseconds come from and what watching costs', () => {
    const text = renderReportText(healthyReport, 80);
    expect(text).toContain("ns measured in vdsotop's process on this host, not in the target");
    expect(text.replace(/\s+/g, ' ')).toContain('+150 ns per counted read, rates while watched');
  });

  it('never turns what it cannot see into a zero', () => {
    const text = renderReportText(deniedReport, 80);
    expect(text).toContain('impact       denied');
    expect(text).toContain('sudo vdsotop -p 4711');
    expect(text).not.toMatch(/\s0 %/);
  });

  it('lists idle clocks in a line and says when none was read', () => {
    const text = renderReportText(idleReport, 80);
    expect(text).toContain('no clock read was seen');
    expect(text).toMatch(/idle +REALTIME, MONOTONIC,/);
  });

  it('is narrower on request and never below 40 columns', () => {
    for (const columns of [10, 40, 60, 500]) {
      const widest = Math.max(...renderReportText(hostileReport, columns).split('\n').map(textWidth));
      expect(widest).toBeLessThanOrEqual(Math.min(Math.max(columns, 40), 80));
    }
  });
});
