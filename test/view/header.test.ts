import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/model/frame.ts';
import type { Report } from '../../src/model/report.ts';
import { gridText } from '../../src/view/cells.ts';
import { headerRows } from '../../src/view/header.ts';
import { renderReportText } from '../../src/view/report-text.ts';
import { demoReport, deniedReport, findings, frameOf, frames, healthyReport } from '../ui/frames.ts';

const under = (hypervisor: string): Report => ({ ...healthyReport, host: { ...healthyReport.host, hypervisor } });
const header = (report: Report) => gridText(headerRows(frameOf(report), 240, 2));

describe('what is said of the machine', () => {
  it('names the hypervisor that shows', () => {
    expect(header(under('kvm'))).toContain('kvm guest');
    expect(renderReportText(under('kvm'), 240)).toContain('hypervisor kvm');
  });

  it('does not take one that does not show for none: it can hide', () => {
    expect(header(under('none'))).toContain('no hypervisor shown');
    expect(header(under('none'))).not.toContain('bare metal');
    expect(renderReportText(under('none'), 240)).toContain('hypervisor none shown');
  });

  it('does not invent a name for one that has none', () => {
    expect(header(under('unknown'))).toContain('a virtual machine');
  });
});

describe('the verdict', () => {
  it('is not OK where fast reads are confirmed to cost', () => {
    const hot = { ...findings.deniedCounts, id: 'fast-but-hot' } as const;
    const withHot = (verdict: 'confirmed' | 'possible') => ({ ...healthyReport, findings: [{ ...hot, verdict }] });
    expect(header(withHot('confirmed'))).toMatch(/^ HOT /);
    expect(header(withHot('possible'))).toMatch(/^ OK /);
    expect(header({ ...demoReport, findings: [{ ...hot, verdict: 'confirmed' }] })).toMatch(/^ SLOW /);
  });
});

describe('the name of the host', () => {
  const named = (hostname: string) => ({ ...healthyReport, host: { ...healthyReport.host, hostname } });
  const at = (hostname: string) => gridText(headerRows(frameOf(named(hostname)), 74, 2));

  it('is cut where there is no room, and left out whole where it is hidden', () => {
    expect(at('a-database-with-a-long-name.example.net')).toMatch(/· a-da\S*…/);
    expect(at('(host name hidden)')).not.toMatch(/\(host na/);
    expect(gridText(headerRows(frameOf(named('(host name hidden)')), 200, 2))).toContain('(host name hidden)');
  });
});

describe('what is said of the cost', () => {
  it('names whose it is: the target burns more than its clock reads', () => {
    expect(header(demoReport)).toMatch(/kernel entries cost [\d.]+ % of a core/);
  });

  it('says which code CPU samples met: less than a read takes, not another figure for it', () => {
    expect(header(demoReport)).toMatch(/of a core \(sampled in clock code: [\d.]+ %\)/);
    expect(renderReportText(demoReport, 240)).toMatch(/CPU sampled +kernel entry and clock code [\d.]+ %/);
  });
});

describe('what is said where nothing is counted', () => {
  it('gives the line to run at once', () => {
    expect(header(deniedReport)).toContain('counts denied: try sudo vdsotop -p 4711');
  });
});

describe('the state of what is watched', () => {
  const state = (changes: Partial<Frame>) => gridText(headerRows({ ...frames.paused, ...changes }, 120, 2).slice(0, 1));

  it('is never that of a living target where it has ended, whatever moment is shown', () => {
    expect(state({})).toContain('PAUSED +12s');
    expect(state({ hasEnded: true })).toContain('ENDED −12s');
    expect(state({ hasEnded: true, behindSeconds: 0.5 })).toContain('ENDED −0.5s');
  });
});

describe('what is said of readings that are missing', () => {
  const lacking = (remedy: { remedy?: string }) => ({
    ...healthyReport,
    limits: [{ reading: 'other watchers', detail: 'denied: init (pid 1) does not show', ...remedy }],
  });

  it('is a limit where there is something to do about it, and none where more rights would show no more', () => {
    expect(header(lacking({ remedy: 'sudo vdsotop' }))).toContain('limited: other watchers (see x)');
    expect(header(lacking({}))).toContain('all readings but other watchers (see x)');
    expect(header(lacking({}))).not.toContain('limited');
  });
});

describe('what is said of a tree', () => {
  it('counts its processes beside its threads', () => {
    const processes = { count: 9, entering: 4, enteringSampled: 3, sampled: 3, cpuSampled: 2 };
    const tree = { ...healthyReport, coverage: { ...healthyReport.coverage, processes } };
    expect(header(tree)).toMatch(/\d+ threads? of 9 processes/);
    expect(header({ ...tree, coverage: { ...tree.coverage, processes: { ...processes, count: 1 } } })).not.toContain(
      ' processes',
    );
    expect(header(healthyReport)).not.toContain(' processes');
    expect(gridText(headerRows(frameOf(tree), 72, 2))).toContain(' · 9 processes');
  });
});
