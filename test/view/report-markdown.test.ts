import { describe, expect, it } from 'vitest';
import type { CallSiteSummary } from '../../src/model/call-sites.ts';
import type { Finding } from '../../src/model/findings.ts';
import { markdownCode, markdownText } from '../../src/view/markdown.ts';
import { renderReportMarkdown } from '../../src/view/report-markdown.ts';
import { denied, frames } from '../ui/frames.ts';

describe('text from a target in Markdown', () => {
  it.each([
    ['THREAD_CPUTIME_ID', 'THREAD_CPUTIME_ID'],
    ['<0.01 % & 3', '<0.01 % & 3'],
    ['a|b', 'a\\|b'],
    ['_x_ __y__', '\\_x\\_ \\_\\_y\\_\\_'],
    ['*x* `y`', '\\*x\\* \\`y\\`'],
    ['[a](javascript:x)', '\\[a\\](javascript:x)'],
    ['<script>&lt;', '\\<script>\\&lt;'],
    ['~~x~~', '\\~\\~x\\~\\~'],
    ['#12 @you', '\\#12 \\@you'],
    ['a\nb\u001b[2Jc', 'a b\\[2Jc'],
  ])('%j becomes %j', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });

  it('cannot leave code or its cell', () => {
    expect(markdownCode('a`b|c\nd')).toBe("`a'b\\|c d`");
  });
});

describe('a report as Markdown', () => {
  const demo = renderReportMarkdown(frames.demo.report);

  it('gives the answer first, then the table of what was read', () => {
    expect(demo).toMatch(/^\*\*SLOW: vdsotop-demo \(pid 4711\)\*\*\n\n> THREAD_CPUTIME_ID enters the kernel/);
    expect(demo).toMatch(
      /^\| 3 \| THREAD_CPUTIME_ID \| SLOW \| syscall \|.* 100 k \| – \| 298 ns \| 3 % \| 4.8 % \|$/m,
    );
    expect(demo).toMatch(/^Idle: PROCESS_CPUTIME_ID, .*TAI\.$/m);
  });

  it('has as many cells in every row of a table', () => {
    for (const frame of Object.values(frames)) {
      const tables = renderReportMarkdown(frame.report)
        .split('\n\n')
        .map((part) => part.split('\n').filter((line) => line.startsWith('|')));
      for (const table of tables) {
        const cells = table.map((line) => line.replaceAll('\\|', '').split('|').length);
        expect(new Set(cells).size).toBeLessThanOrEqual(1);
      }
    }
  });

  it('names cause, evidence, fix and what would not help, and what was ruled out', () => {
    expect(demo).toMatch(/- \*\*CONFIRMED\*\* .*No vDSO serves.*\(`clock-never-in-vdso`\)\n {2}- for: /);
    expect(demo).toMatch(/ {2}- fix: `read CLOCK_MONOTONIC[^`]*`: .*; risk: .*; saves 2\.8 %/);
    expect(demo).toContain('  - would not help: another clocksource');
    expect(demo).toContain('- ruled out: `seqcount-contention`');
  });

  it('says of which clocks a cause was ruled out that is confirmed of another', () => {
    const cause = demoFinding('clock-never-in-vdso');
    const findings = [cause, { ...cause, clock: 'TAI', verdict: 'ruled-out' as const }];
    expect(renderReportMarkdown({ ...frames.demo.report, findings })).toContain(
      '- ruled out: `clock-never-in-vdso` (TAI)',
    );
  });

  it('says how many call sites are not in the table', () => {
    const [site] = frames.demo.report.callSites as readonly CallSiteSummary[];
    const withSites = (count: number) =>
      renderReportMarkdown({ ...frames.demo.report, callSites: Array.from({ length: count }, () => site) as never });
    expect(withSites(11)).toMatch(/\|\n\nand 3 more\n/);
    expect(withSites(8)).not.toContain(' more\n');
  });

  it('says of what cannot be seen that it cannot', () => {
    const text = renderReportMarkdown({ ...frames.denied.report, callSites: denied });
    expect(text).toMatch(/denied/);
    expect(text).toMatch(/^Call sites: not known \(denied\)/m);
  });

  it('holds no control character and no markup of a hostile target', () => {
    const hostile = renderReportMarkdown(frames.hostile.report);
    expect(hostile).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

function demoFinding(id: string): Finding {
  const found = frames.demo.report.findings.find((finding) => finding.id === id);
  if (found === undefined) throw new Error(`the demo has no finding ${id}`);
  return found;
}
