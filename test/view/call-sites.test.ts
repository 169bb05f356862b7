import { describe, expect, it } from 'vitest';
import type { CallSiteSummary } from '../../src/model/call-sites.ts';
import type { Report } from '../../src/model/report.ts';
import { callSiteNotes, callSiteRows } from '../../src/view/call-sites.ts';
import { callSiteSections, callSitesInFull } from '../../src/view/call-sites-in-full.ts';
import { gridText, rowWidth } from '../../src/view/cells.ts';
import { clockRows } from '../../src/view/clock-rows.ts';
import { renderReportMarkdown } from '../../src/view/report-markdown.ts';
import { demoReport, denied, hostileReport, longSymbol, sites } from '../ui/frames.ts';

const rowOf = (report: Report, name: string) => clockRows(report).find((row) => row.name === name);
const list = (report: Report, name: string, width = 80) => gridText(callSiteRows(report, rowOf(report, name), width));
const having = (callSites: readonly CallSiteSummary[]): Report => ({ ...demoReport, callSites });

describe('the call sites of a clock', () => {
  it('name side, share, caller, libc function and threads, the slow side first', () => {
    const lines = list(demoReport, 'REALTIME').split('\n');
    expect(lines[0]).toBe(' kernel  62 %  ratelimit+0x3c in libfoo.so, by syscall() in libc.so.6');
    expect(lines[1]?.trim()).toBe('threads direct 4714, worker-3 4715, 4716 and 1 more');
    expect(lines.findIndex((line) => line.startsWith(' vDSO   100 %'))).toBeGreaterThan(2);
  });

  it('say how they were found where it was not by unwinding', () => {
    expect(list(demoReport, 'REALTIME')).toContain('by frame pointer: may skip callers');
    expect(list(demoReport, 'REALTIME')).toContain('by its return address alone');
    expect(list(demoReport, 'THREAD_CPUTIME_ID')).not.toMatch(/frame pointer|return address/);
    expect(list(having([{ ...sites.cputime, foundBy: 'none' }]), 'THREAD_CPUTIME_ID')).toContain(
      'its callers could not be followed',
    );
  });

  it('say in how many threads more than those that are listed', () => {
    const threads = Array.from({ length: 10 }, (_, at) => ({ tid: 5_000 + at, samples: 40 - at }));
    const text = list(having([{ ...sites.cputime, threads, threadCount: 40 }]), 'THREAD_CPUTIME_ID');
    expect(text).toContain('threads 5000, 5001, 5002 and 37 more');
  });

  it('say so once, where the sentence itself does', () => {
    const sentence =
      'syscall in libc.so.6, possibly called by main+0x8 in app (by frame pointer, which may skip callers)';
    const text = list(having([{ ...sites.guessed, sentence }]), 'REALTIME', 200);
    expect(text.match(/frame pointer/g)?.length).toBe(1);
  });

  it('of a clock that no vDSO serves are those that enter the kernel, or else those that call the vDSO', () => {
    const through = { ...sites.monotonic, clock: 'THREAD_CPUTIME_ID' };
    expect(list(having([sites.cputime, through]), 'THREAD_CPUTIME_ID')).not.toContain('vDSO');
    expect(list(having([through]), 'THREAD_CPUTIME_ID')).toContain(' vDSO   100 %  poll_queue+0x71');
  });

  it('belong to a function by its name, with or without parentheses', () => {
    const report = having([{ ...sites.cputime, fn: 'gettimeofday', clock: 'gettimeofday()' }]);
    expect(list(report, 'gettimeofday()')).toContain('read_cputime+0x3c');
    expect(list(report, 'THREAD_CPUTIME_ID')).not.toContain('read_cputime');
  });

  it('keep the function of a long symbol on a narrow screen', () => {
    const text = list(demoReport, 'REALTIME', 52);
    expect(text).not.toContain(longSymbol);
    expect(text).toMatch(/_ZN8che\S*…\S*refill_slots\S*\+0x114/);
    const full = gridText(callSitesInFull(demoReport, rowOf(demoReport, 'REALTIME'), clockRows(demoReport), 52));
    expect(full.replace(/\s+/g, '')).toContain(longSymbol);
  });

  it('are at most ten in the panel, and all of them when zoomed', () => {
    const many = having(
      Array.from({ length: 25 }, (_, index) => ({ ...sites.cputime, sentence: `reader_${index} in app` })),
    );
    expect(list(many, 'THREAD_CPUTIME_ID')).toMatch(
      /reader_9 in app[\s\S]*and 15 sites with fewer samples: c shows all/,
    );
    expect(list(many, 'THREAD_CPUTIME_ID')).not.toContain('reader_10');
    const full = callSitesInFull(many, rowOf(many, 'THREAD_CPUTIME_ID'), clockRows(many), 80);
    expect(gridText(full).match(/100 % of its kernel samples/g)?.length).toBe(25);
  });

  it('are followed by why names are missing, where one of them has none, and by what would bring them', () => {
    const callSiteLimits = [
      {
        reading: 'names and callers of call sites',
        detail: 'absent: /srv/app is stripped of the names of its local functions',
        remedy: 'install its debug symbols of build id 5e55',
      },
    ];
    const named: Report = { ...demoReport, callSiteLimits };
    expect(list(named, 'THREAD_CPUTIME_ID')).not.toContain('stripped');
    const [caller, ...others] = sites.cputime.callers.filter(({ kind }) => kind === 'executable');
    if (caller === undefined) throw new Error('no caller in the program');
    const { symbol: _symbol, offset: _offset, ...nameless } = caller;
    const lacking: Report = { ...named, callSites: [{ ...sites.cputime, callers: [nameless, ...others] }] };
    const row = rowOf(lacking, 'THREAD_CPUTIME_ID');
    for (const grid of [
      callSiteRows(lacking, row, 80),
      callSitesInFull(lacking, row, clockRows(lacking), 80),
      callSiteSections(lacking, clockRows(lacking), 80),
    ]) {
      const lines = gridText(grid).split('\n');
      expect(lines).toContain(' names absent: /srv/app is stripped of the names of its local functions');
      expect(lines).toContain(' try: install its debug symbols of build id 5e55');
    }
    expect(renderReportMarkdown(lacking)).toContain(
      'is stripped of the names of its local functions; try `install its',
    );
  });

  it('count the samples of this clock in the title, and what was dropped of all', () => {
    const notes = (report: Report, name: string) => callSiteNotes(report, rowOf(report, name));
    expect(notes(demoReport, 'REALTIME')).toEqual([
      '403 kernel, 31 vDSO samples, 3 dropped',
      '403 kernel, 31 vDSO samples',
      '434 samples',
    ]);
    expect(notes(demoReport, 'TAI')).toEqual([]);
    const silent = { ...demoReport, coverage: { ...demoReport.coverage, callSiteSamples: denied } };
    expect(notes(silent, 'MONOTONIC')[0]).toBe('96 vDSO samples');
    const { callSites } = silent;
    if ('unavailable' in callSites) throw new Error(callSites.detail);
    const seldom = { ...silent, callSites: callSites.map((site) => ({ ...site, samples: 1 })) };
    expect(notes(seldom, 'MONOTONIC')).toEqual(['1 vDSO sample', '1 sample']);
  });

  it('name the processes of a tree, and say of how many entries were sampled', () => {
    const seen = { count: 9, entering: 4, enteringSampled: 3, sampled: 3, cpuSampled: 2 };
    const busiest = [
      { pid: 4_714, comm: 'nginx', samples: 9 },
      { pid: 4_715, comm: 'nginx', samples: 5 },
      { pid: 4_716, comm: 'nginx', samples: 1 },
    ];
    const sites = 'unavailable' in demoReport.callSites ? [] : demoReport.callSites;
    const tree: Report = {
      ...demoReport,
      callSites: sites.map((site) => ({ ...site, processes: { count: 5, busiest } })),
      coverage: { ...demoReport.coverage, processes: seen },
    };
    const text = gridText(callSiteRows(tree, rowOf(tree, 'REALTIME'), 100));
    expect(text).toContain('processes nginx 4714, nginx 4715, nginx 4716 and 2 more');
    expect(callSiteNotes(tree, rowOf(tree, 'REALTIME'))[0]).toBe(
      '403 kernel, 31 vDSO samples, 3 dropped, entries of 3 of 4 processes sampled',
    );
  });

  it('show the whole chain with its addresses when zoomed, then other clocks', () => {
    const rows = clockRows(demoReport);
    const text = gridText(callSitesInFull(demoReport, rowOf(demoReport, 'MONOTONIC'), rows, 100));
    expect(text).toMatch(/vDSO {3}100 % of its vDSO samples \(96; of all reads 97–100 %\), clock_gettime/);
    expect(text).toMatch(/62 % {2}ratelimit.* · within 53–70 %/);
    const frames = ['7ffc1a3f8c40  __vdso_clock_gettime in [vdso]', '7ffff7ec21aa  clock_gettime+0x1a in libc.so.6'];
    const places = [...frames, '555555555421  poll_queue+0x71 in vdsotop-demo', 'of other clocks', 'ratelimit'].map(
      (part) => text.indexOf(part),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });
});

describe('what stands where there is no call site', () => {
  it('is why, and what would supply them', () => {
    const text = list({ ...demoReport, callSites: denied }, 'REALTIME');
    expect(text).toContain('call sites denied: bpf(BPF_PROG_LOAD) answered EPERM');
    expect(text).toContain('try: sudo vdsotop -p 4711');
  });

  it('tells a clock that is not read from one that no sample has met yet', () => {
    expect(list(having([]), 'TAI')).toContain('TAI: no read was seen in this window');
    expect(list(having([]), 'THREAD_CPUTIME_ID')).toContain('no kernel sample of THREAD_CPUTIME_ID yet');
    expect(list(having([sites.direct]), 'REALTIME')).toContain('no vDSO sample of REALTIME yet');
  });

  it('is said once in a report', () => {
    const sections = (report: Report) => gridText(callSiteSections(report, clockRows(report), 80));
    expect(sections(having([]))).toContain('none was sampled in this window');
    expect(sections({ ...demoReport, callSites: denied })).toContain('call sites denied');
  });
});

describe('call sites of a hostile target', () => {
  it.each([40, 52, 80, 200])('stay within %d columns, without control characters', (width) => {
    for (const report of [demoReport, hostileReport])
      for (const clock of clockRows(report))
        for (const grid of [
          callSiteRows(report, clock, width),
          callSitesInFull(report, clock, clockRows(report), width),
          callSiteSections(report, clockRows(report), width),
        ]) {
          for (const row of grid) expect(rowWidth(row)).toBeLessThanOrEqual(width);
          expect(gridText(grid).replaceAll('\n', '')).not.toMatch(/[\p{C}]/u);
        }
  });
});
