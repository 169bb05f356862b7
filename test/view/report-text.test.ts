import { describe, expect, it } from 'vitest';
import type { FunctionSummary } from '../../src/model/clocks.ts';
import type { Report } from '../../src/model/report.ts';
import { textWidth } from '../../src/view/printable.ts';
import { renderReportMarkdown } from '../../src/view/report-markdown.ts';
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

  it('has the line to run below a verdict that is not known, and says once why a reading is missing', () => {
    const [finding] = deniedReport.findings;
    const missing = [{ reading: 'kernel entries', detail: 'not permitted to this user', remedy: 'sudo it' }];
    const unknown = { ...(finding as NonNullable<typeof finding>), verdict: 'unknown', missing } as const;
    const text = renderReportText({ ...deniedReport, findings: [unknown, { ...unknown, id: 'direct-syscall' }] }, 80);
    expect(text.split('\n\n')[0]).toMatch(/\ntry: sudo vdsotop -p 4711$/);
    expect(text.match(/kernel entries: not permitted to this user/g)).toHaveLength(1);
    expect(text).toContain('kernel entries: as above');
  });

  it('of a target that has ended names in a line what will never be known, and what it took with it once', () => {
    const [finding] = deniedReport.findings;
    const gone = { unavailable: 'absent', detail: 'the target ended before this could be read' } as const;
    const unknown = { ...(finding as NonNullable<typeof finding>), verdict: 'unknown', evidence: [] } as const;
    const { target } = deniedReport;
    const report: Report = {
      ...deniedReport,
      target: { ...target, exe: gone, libc: gone, linkage: gone, runtime: gone, cgroup: gone, ended: true },
      findings: [unknown, { ...unknown, id: 'direct-syscall' }],
      mappings: gone,
      callSites: gone,
      limits: [
        { reading: 'vDSO calls', detail: `absent: ${gone.detail}` },
        { reading: 'libc', detail: `absent: ${gone.detail}` },
        { reading: 'call sites', detail: `absent: ${gone.detail}` },
      ],
    };
    const text = renderReportText(report, 80);
    expect(text).toContain(`not to be known, as the target has ended\n ${unknown.id}, direct-syscall\n`);
    expect(text).not.toContain('UNKNOWN  ');
    expect(text.match(/the target ended before/g)).toHaveLength(1);
    expect(text).toContain('\n vDSO calls, libc and call sites: absent: the target ended before');
    expect(text).not.toContain('not known (absent)');
    expect(renderReportMarkdown(report)).toMatch(
      /- not to be known, as the target has ended: `[a-z-]+`, `direct-syscall`/,
    );
    const living = renderReportText({ ...report, target: { ...report.target, ended: false } }, 80);
    expect(living.match(/UNKNOWN {2}/g)).toHaveLength(2);
  });

  it('answers first, then proves', () => {
    const text = renderReportText(demoReport, 80);
    const parts = [
      'SLOW: vdsotop-demo (pid 4711)',
      'THREAD_CPUTIME_ID enters the kernel',
      'program      glibc 2.36, dynamic',
      'clocksource',
      'REALTIME ',
      'functions',
      'busiest threads',
      'call sites',
      'findings',
      'CONFIRMED',
      'clock-never-in-vdso',
      '[vvar]',
      'events',
      'every entry counted',
      'cost of watching',
      'every reading was available',
      'ruled out',
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

  it('says why it is not known what watching adds to other syscalls, and not that something failed', () => {
    const detail = 'what it adds is lost in the noise of the two prices';
    const cost = { ...healthyReport.cost, addedNsPerOtherSyscall: { unavailable: 'failed', detail } as const };
    const text = renderReportText({ ...healthyReport, cost }, 80).replace(/\s+/g, ' ');
    expect(text).toContain(`while vdsotop watches: not known: ${detail}`);
  });

  it('says both halves of each clock that was read, and from where', () => {
    const text = renderReportText(demoReport, 80);
    expect(text).toContain(' REALTIME: vDSO ≈4.1 k/s (3.8–4.4 k) · kernel 28.3 k/s exact');
    expect(text).toContain(' THREAD_CPUTIME_ID: kernel 100 k/s exact');
    expect(text).toContain('kernel  62 %  ratelimit+0x3c in libfoo.so, by syscall() in libc.so.6');
    expect(text.replace(/\s+/g, ' ')).toContain('kernel entry and clock code 3.3 % (3.1–3.5) of a core');
    expect(text).toContain('probes       0.1 % of a core taken from the target');
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

  it('says of idle clocks how often they may be read all the same, where that would matter', () => {
    const upTo = (high: number): Report => ({
      ...idleReport,
      clocks: idleReport.clocks.map((clock) => ({ ...clock, fastCallsPerSecond: { value: 0, low: 0, high } })),
    });
    const said = /\(none\s+was\s+seen;\s+vDSO\s+<43 k\/s\s+each\)/;
    expect(renderReportText(upTo(42_300), 80)).toMatch(said);
    expect(renderReportMarkdown(upTo(42_300))).toMatch(said);
    expect(renderReportText(upTo(2), 80)).not.toContain('none was seen');
    expect(renderReportMarkdown(upTo(2))).not.toContain('none was seen');
    const seldom: Report = { ...upTo(2), slowFrom: { ...idleReport.slowFrom, readsPerSecond: 1 } };
    expect(renderReportText(seldom, 80)).toMatch(/none\s+was\s+seen/);
  });

  it.each([
    ['gettimeofday', true, 'no clock was seen read by its id'],
    ['getcpu', false, 'no clock read was seen'],
  ] as const)('says which is true where %s() alone was called', (fn, tellsTime, said) => {
    const called = { ...demoReport.functions[0], fn, tellsTime, name: `${fn}()`, fastCallsSeen: 12 } as FunctionSummary;
    const report: Report = { ...idleReport, functions: [called] };
    expect(renderReportText(report, 80)).toContain(`\n ${said}\n`);
    expect(renderReportMarkdown(report)).toContain(`\n${said.replace('no', 'No')}.\n`);
  });

  it('says that clocks are read where CPU samples alone tell that', () => {
    const report: Report = { ...idleReport, verdict: 'fast', idle: false };
    expect(renderReportText(report, 80)).toContain('\n clocks are read; which ones is not seen\n');
    expect(renderReportMarkdown(report)).toContain('\nClocks are read; which ones is not seen.\n');
  });

  it('is narrower on request and never below 40 columns', () => {
    for (const columns of [10, 40, 60, 500]) {
      const widest = Math.max(...renderReportText(hostileReport, columns).split('\n').map(textWidth));
      expect(widest).toBeLessThanOrEqual(Math.min(Math.max(columns, 40), 80));
    }
  });
});
