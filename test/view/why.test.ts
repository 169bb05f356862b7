import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { gridText, rowWidth } from '../../src/view/cells.ts';
import { clockRows } from '../../src/view/clock-rows.ts';
import { leadFinding } from '../../src/view/lead-finding.ts';
import { whyInFull, whyRows } from '../../src/view/why.ts';
import {
  demoReport,
  deniedReport,
  findings,
  healthyReport,
  idleReport,
  longSymbol,
  twoCausesReport,
} from '../ui/frames.ts';

const rowOf = (report: Report, name: string) => clockRows(report).find((row) => row.name === name);
const why = (report: Report, name: string, width = 80, height = Number.POSITIVE_INFINITY) =>
  gridText(whyRows(report, rowOf(report, name), width, height));

describe('why', () => {
  it('gives cause, evidence, fix, what would not help and what is saved, in this order', () => {
    const text = why(demoReport, 'THREAD_CPUTIME_ID', 200);
    const parts = ['CONFIRMED', findings.neverInVdso.title, 'for ', 'fix ', 'effect ', 'no help ', 'saves '];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('says what is missing and the command that would supply it', () => {
    const text = why(demoReport, 'REALTIME', 200);
    expect(text).toContain('UNKNOWN');
    expect(text).toMatch(/missing +call sites: .*→ perf record/);
    expect(text).toMatch(/against +the executable is dynamically linked/);
  });

  it('puts title and fix first where there are few rows', () => {
    const text = why(demoReport, 'THREAD_CPUTIME_ID', 60, 3);
    expect(text.split('\n').length).toBe(3);
    expect(text).toContain('CONFIRMED');
    expect(text).toContain('fix');
  });

  it('shows that something was cut', () => expect(why(demoReport, 'THREAD_CPUTIME_ID', 60, 3)).toContain('…'));

  it('claims no cause for a clock that was not read', () => {
    expect(why(idleReport, 'MONOTONIC')).toContain('no read was seen in this window');
    expect(why(demoReport, 'TAI')).not.toContain('CONFIRMED');
  });

  it('does not lay a cause of the whole host to a clock that stayed fast', () => {
    const hostCause = { ...findings.deniedCounts, verdict: 'confirmed' } as const;
    const report: Report = { ...healthyReport, findings: [hostCause] };
    expect(leadFinding(report, rowOf(report, 'MONOTONIC'))).toBeUndefined();
    expect(why(report, 'MONOTONIC')).toMatch(/^ MONOTONIC: no kernel entry/);
  });

  it('explains a clock on the fast path by how often it is read, and no slow or unread one', () => {
    const hot = { ...findings.deniedCounts, id: 'fast-but-hot', verdict: 'confirmed', title: 'so many reads' } as const;
    const lead = (report: Report, name: string) => leadFinding(report, rowOf(report, name))?.id;
    expect(lead({ ...healthyReport, findings: [hot] }, 'MONOTONIC')).toBe('fast-but-hot');
    expect(lead({ ...healthyReport, findings: [hot] }, 'TAI')).toBeUndefined();
    expect(lead({ ...demoReport, findings: [hot, findings.directSyscallUnknown] }, 'REALTIME')).not.toBe(
      'fast-but-hot',
    );
  });

  it('prefers the cause about the clock itself to one about the host, when both are proved', () => {
    const hostCause = { ...findings.deniedCounts, verdict: 'confirmed' } as const;
    const report: Report = {
      ...demoReport,
      findings: [hostCause, findings.neverInVdso, findings.directSyscallUnknown],
    };
    expect(leadFinding(report, rowOf(report, 'THREAD_CPUTIME_ID'))?.id).toBe('clock-never-in-vdso');
    expect(leadFinding(report, rowOf(report, 'REALTIME'))?.id).toBe('clocksource-not-vdso-capable');
  });

  it('says of a clock on the fast path what was seen of it', () => {
    expect(why(healthyReport, 'MONOTONIC')).toContain(
      'no kernel entry in this window; 418 reads were caught in the vDSO',
    );
  });

  it('leaves out findings about other clocks, and has them all in full', () => {
    expect(why(demoReport, 'REALTIME')).not.toContain(findings.neverInVdso.title);
    const full = gridText(whyInFull(demoReport, rowOf(demoReport, 'REALTIME'), 300));
    for (const { title, id, verdict, evidence } of demoReport.findings) {
      expect(full).toContain(id);
      expect(full).toContain(verdict === 'ruled-out' ? evidence[0]?.seen : title);
    }
    expect(full.indexOf('about other clocks')).toBeLessThan(full.indexOf(findings.neverInVdso.title));
  });

  it('puts several causes of one clock side by side, each with its verdict, what makes them dearer below', () => {
    const text = why(twoCausesReport, 'REALTIME', 100);
    const parts = [
      'CONFIRMED  the program makes the system call itself',
      'ratelimit+0x3c in libfoo.so',
      'LIKELY  the clocksource hpet cannot be read',
      'inside [vdso] at 7ffc1a3f8c9d',
      'confirmed amplifier: Mitigations',
      'ruled out seqcount-contention',
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it('does not put a cause of the whole target on a level with one of this very clock', () => {
    const { clock: _clock, ...whole } = twoCausesReport.findings[0] ?? findings.neverInVdso;
    const report = { ...demoReport, findings: [findings.neverInVdso, whole] };
    expect(why(report, 'THREAD_CPUTIME_ID', 100)).toContain(' confirmed the program makes the system call itself');
    expect(why(report, 'REALTIME', 100)).toMatch(/CONFIRMED {2}the program makes the system call itself/);
  });

  it('says nothing of a cause of other clocks alone, and in full names the clocks it is about', () => {
    const { clock: _clock, ...whole } = twoCausesReport.findings[0] ?? findings.neverInVdso;
    const report = { ...demoReport, findings: [findings.neverInVdso, { ...whole, covers: ['REALTIME'] }] };
    expect(why(report, 'THREAD_CPUTIME_ID', 100)).not.toContain('the program makes the system call itself');
    const full = gridText(whyInFull(report, rowOf(report, 'THREAD_CPUTIME_ID'), 100));
    expect(full).toMatch(/about other clocks[\s\S]*REALTIME: the program makes the system call itself/);
  });

  it('has every cause by name where there are few rows', () => {
    const text = why(twoCausesReport, 'REALTIME', 80, 6);
    expect(text).toContain('CONFIRMED');
    expect(text).toContain('fix ');
    expect(text).toContain('LIKELY  the clocksource hpet');
  });

  it('keeps the function of a long symbol in one line, and all of it in full', () => {
    expect(why(twoCausesReport, 'REALTIME', 60)).toMatch(/_ZN8\S*…\S*refill_slots\S*\+0x114/);
    const full = gridText(whyInFull(twoCausesReport, rowOf(twoCausesReport, 'REALTIME'), 60));
    expect(full.replace(/\s+/g, '')).toContain(longSymbol);
  });

  it('says of a clock read on both paths how much of each', () => {
    expect(why(demoReport, 'REALTIME', 200)).toContain(
      'REALTIME: vDSO ≈4.1 k/s (3.8–4.4 k) · kernel 28.3 k/s exact; 164 ns each by syscall; 0.46 % (0.44–0.5) of a core, <0.02 % in the vDSO.',
    );
  });

  it('says where the two probes of vDSO calls disagree', () => {
    const probesDisagree = 'breakpoints tell of 81 k and CPU samples of 120 k calls a second';
    const clocks = healthyReport.clocks.map((one) => (one.name === 'MONOTONIC' ? { ...one, probesDisagree } : one));
    const report = { ...healthyReport, clocks };
    expect(why(report, 'MONOTONIC', 400)).toContain(`The two probes disagree: ${probesDisagree}`);
    expect(why(report, 'REALTIME', 200)).not.toContain('disagree');
  });

  it('lists what could not be read with what to try', () => {
    const text = why(deniedReport, 'REALTIME', 200);
    expect(text).toContain('kernel entries denied');
    expect(text).toContain('could not be read');
    expect(text.match(/sudo vdsotop -p 4711/g)?.length).toBe(3);
  });

  it.each([40, 60, 80, 117])('keeps within %d columns', (width) => {
    for (const report of [demoReport, deniedReport])
      for (const row of clockRows(report))
        for (const line of [...whyRows(report, row, width, 20), ...whyInFull(report, row, width)])
          expect(rowWidth(line)).toBeLessThanOrEqual(width);
  });
});
