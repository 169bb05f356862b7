import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { ProgramFacts } from '../../src/model/tree-facts.ts';
import { kernelSite, places, vdsoSite } from './call-sites-builder.ts';
import { available, makeScenario, unavailable, unseenVdso, vdsoImage } from './snapshot-builder.ts';
import { judgeTree, treeFacts } from './tree-builder.ts';

const { libcSyscall, libcClock, ratelimit, poll } = places;
const direct = [kernelSite([libcSyscall, ratelimit])];
const byLibc = [kernelSite([libcClock, poll])];
const master = { pid: 4_242, comm: 'server' };
const verdictOf = (report: ReturnType<typeof judgeTree>, id: string) =>
  report.findings.find((finding) => finding.id === id)?.verdict;

describe('a cause in a tree of processes', () => {
  it('is said without a name where it holds of all that enter', () => {
    const report = judgeTree([
      master,
      { pid: 4_300, comm: 'web', perSecond: 6_000, sites: direct },
      { pid: 4_301, comm: 'web', perSecond: 4_000, sites: direct },
    ]);
    expect(report.headline).toBe(
      'BOOTTIME enters the kernel 10 k/s at 165 ns: 0.17 % of a core, all 62 samples from ratelimit+0x3c in libfoo.so (in 2 processes); the program makes the system call itself',
    );
    expect(verdictOf(report, 'direct-syscall')).toBe('confirmed');
    expect(verdictOf(report, 'libc-bypasses-vdso')).toBe('ruled-out');
  });

  it('is said of the one process in which it was seen, where another enters that was not sampled', () => {
    const report = judgeTree([
      master,
      { pid: 4_300, comm: 'web', perSecond: 6_000, sites: direct },
      { pid: 4_301, comm: 'log', perSecond: 4_000 },
    ]);
    expect(report.headline).toMatch(
      /; for about 60 % of the entries, in 4300 \(web\), the program makes the system call itself$/,
    );
    const finding = report.findings.find(({ id }) => id === 'direct-syscall');
    expect(finding?.evidence[0]?.seen).toMatch(/^all 31 sampled entries of BOOTTIME .*, in 4300 \(web\)$/);
  });

  it('is not certain where the vDSO of one of them was patched, which may lead to such a place', () => {
    const report = judgeTree([
      { ...master, facts: { vdso: vdsoImage({ sameAsOurs: true, differsAt: [] }) } },
      {
        ...{ pid: 4_300, comm: 'web', perSecond: 6_000, sites: [kernelSite([places.jit])] },
        facts: { vdso: vdsoImage({ sameAsOurs: false, differsAt: [0x600] }) },
      },
    ]);
    expect(verdictOf(report, 'direct-syscall')).toBe('possible');
  });

  it('is certain where the vDSO of all that enter was seen, and not where that of one was not', () => {
    const judged = (web: Partial<ProgramFacts>, other: Partial<ProgramFacts>) =>
      verdictOf(
        judgeTree([
          { ...master, facts: other },
          { ...{ pid: 4_300, comm: 'web', perSecond: 6_000, sites: [kernelSite([places.mappedJit])] }, facts: web },
        ]),
        'direct-syscall',
      );
    expect(judged({}, unseenVdso)).toBe('confirmed');
    expect(judged(unseenVdso, {})).toBe('likely');
  });

  it('does not rule out another for what was not sampled', () => {
    const seen = judgeTree([
      { ...master, perSecond: 6_000, sites: byLibc },
      { pid: 4_301, comm: 'log', perSecond: 4_000 },
    ]);
    expect(verdictOf(seen, 'direct-syscall')).not.toBe('ruled-out');
    const all = judgeTree([
      { ...master, perSecond: 6_000, sites: byLibc },
      { pid: 4_301, comm: 'log' },
    ]);
    expect(verdictOf(all, 'direct-syscall')).toBe('ruled-out');
  });

  it('stands beside another, each with the process it is of and its part', () => {
    const report = judgeTree([
      master,
      { pid: 4_300, comm: 'web', perSecond: 7_000, sites: direct },
      { pid: 4_301, comm: 'log', perSecond: 3_000, sites: byLibc },
    ]);
    expect(report.headline).toContain(
      'for about 70 % of the entries, in 4300 (web), the program makes the system call itself; for about 30 %, in 4301 (log), glibc 2.36 makes the system call without asking the vDSO',
    );
  });

  it('of many processes says of how many', () => {
    const workers = [1, 2, 3].map((n) => ({ pid: 4_300 + n, comm: 'web', perSecond: 2_000, sites: direct }));
    const report = judgeTree([master, ...workers, { pid: 4_310, comm: 'log', perSecond: 2_000 }]);
    expect(report.headline).toContain(
      'for about 75 % of the entries, in 3 of 4 processes that enter for it, the program makes',
    );
    expect(report.coverage.processes).toMatchObject({ count: 5, entering: 4, sampled: 3 });
    expect(report.coverage.sentence).toMatch(
      /all 37 threads of the 5 processes there now \(how many ended is not known\), .* sampled in 3 processes, 3 of 4 that enter the kernel$/,
    );
  });

  it('tells apart how many processes are there and how many ended', () => {
    const ofTree = (processCount: number, startedThreads: number, startedProcesses: number) => {
      const window = makeScenario({ threads: 2, both: { tree: treeFacts([master], { processCount: 2 }) } });
      const { tree } = window.last;
      if (tree === undefined) throw new Error('the scenario has a tree');
      const counted = ({ entries }: Snapshot, started: number, ofThem: number) => {
        if ('unavailable' in entries) throw new Error('the scenario counts');
        return { entries: available({ ...entries.value, started, startedProcesses: ofThem }) };
      };
      const first = { ...window.first, ...counted(window.first, 0, 0) };
      const last = {
        ...window.last,
        ...counted(window.last, startedThreads, startedProcesses),
        tree: { ...tree, processCount },
      };
      return diagnose({ ...window, first, last }, { version: 'test' }).coverage;
    };
    const only = '(vDSO calls of short-lived ones are only bounded), every entry counted';
    expect(ofTree(2, 68, 68).sentence).toContain(
      `all 2 threads of the 2 processes there now, and 68 processes that ended ${only}`,
    );
    expect(ofTree(2, 70, 68).sentence).toContain(`there now, and 70 threads and 68 processes that ended ${only}`);
    expect(ofTree(1, 3, 0).sentence).toContain(`all 2 threads, and 3 threads and 1 process that ended ${only}`);
    expect(ofTree(2, 3, 0).sentence).toContain(`all 2 threads of the 2 processes there now and 3 that ended ${only}`);
    expect(ofTree(2, 0, 0).sentence).toBe(
      'watched 14 s, all 2 threads of the 2 processes there now, every entry counted',
    );
    expect(ofTree(2, 70, 68).processes?.ended).toBe(68);
  });

  it('is said of the sampled entries alone where entries are not laid to processes', () => {
    const two = [
      { pid: 4_300, comm: 'web', perSecond: 6_000, sites: direct },
      { pid: 4_301, comm: 'log', perSecond: 6_000, sites: byLibc },
    ];
    const report = judgeTree([master, ...two], { processes: [{ pid: 4_242, comm: 'server' }], threads: {} });
    expect(report.headline).toContain('for about 50 % of the sampled entries, in 4300 (web), the program makes');
    expect(report.headline).toContain('50 % of what was sampled from ratelimit+0x3c');
    const seen = report.findings.find(({ id }) => id === 'direct-syscall')?.evidence[0]?.seen;
    expect(seen).toMatch(/^50 % of the sampled entries of BOOTTIME/);
    expect(report.coverage.processes?.entering).toMatchObject({ unavailable: 'unsupported' });
  });

  it('is not said of all that enter where some entries are laid to no thread', () => {
    const members = [master, { pid: 4_300, comm: 'web', perSecond: 6_000, sites: direct }];
    expect(judgeTree(members).coverage.processes).toMatchObject({ entering: 1 });
    const report = judgeTree(members, {}, 4_000);
    expect(report.coverage.processes?.entering).toMatchObject({ unavailable: 'unsupported' });
    expect(report.coverage.sentence).toContain('40 % of them laid to no thread');
    expect(report.headline).not.toMatch(/; the program makes the system call itself$/);
  });

  it('of a hundred that enter alike is not said of all for those that were sampled', () => {
    const workers = Array.from({ length: 200 }, (_, n) => ({ pid: 5_000 + n, comm: 'web', perSecond: 50 }));
    const report = judgeTree([master, { pid: 4_300, comm: 'web', perSecond: 50, sites: direct }, ...workers]);
    expect(report.headline).not.toContain('the program makes the system call itself');
    expect(report.coverage.processes).toMatchObject({ entering: 199, sampled: 1 });
  });

  it('tells a process of which only vDSO calls were sampled from one that enters', () => {
    const fast = [vdsoSite([poll], { slot: 7 })];
    const report = judgeTree([
      { ...master, perSecond: 6_000, sites: direct },
      { pid: 4_301, comm: 'log', perSecond: 6_000 },
      { pid: 4_302, comm: 'web', sites: fast },
    ]);
    expect(report.coverage.processes).toMatchObject({ count: 3, entering: 2, enteringSampled: 1, sampled: 2 });
    expect(report.coverage.sentence).toMatch(/ sampled in 2 processes, 1 of 2 that enter the kernel$/);
  });

  it('is not looked for in a process that makes next to nothing of the entries', () => {
    const report = judgeTree([
      { ...master, perSecond: 10_000, sites: direct },
      { pid: 4_301, comm: 'log', perSecond: 20 },
    ]);
    expect(report.headline).toMatch(/; the program makes the system call itself$/);
    expect(report.coverage.processes).toMatchObject({ entering: 1 });
  });

  it('is one call site where the same function of the same file makes it in several processes', () => {
    const elsewhere = [kernelSite([libcSyscall, { ...ratelimit, address: '7f99c1003c' }])];
    const report = judgeTree([
      { ...master, perSecond: 5_000, sites: direct },
      { pid: 4_301, comm: 'log', perSecond: 5_000, sites: elsewhere },
    ]);
    expect(report.callSites).toMatchObject([
      {
        share: 1,
        samples: 62,
        processes: {
          count: 2,
          busiest: [
            { pid: 4_242, comm: 'server', samples: 31 },
            { pid: 4_301, comm: 'log', samples: 31 },
          ],
        },
      },
    ]);
  });
});

describe('what is read of a tree', () => {
  const fast = { pid: 4_300, comm: 'web', perSecond: 6_000 };

  it('is known where all processes agree, and of no one where they differ', () => {
    const agreed = judgeTree([master, fast]);
    expect(verdictOf(agreed, 'compat-32bit')).toBe('ruled-out');
    const mixed = judgeTree([master, { ...fast, facts: { bits: available(32), seccompMode: available('filter') } }]);
    expect(verdictOf(mixed, 'compat-32bit')).toBe('unknown');
    expect(verdictOf(mixed, 'seccomp-filter')).toBe('unknown');
    expect(mixed.limits).toContainEqual({
      reading: '32 or 64 bits',
      detail: 'unsupported: the processes of the tree differ in it',
    });
    expect(mixed.target.bits).toBe(64);
    expect(mixed.coverage.sentence).toContain('every entry counted that its seccomp filter let pass');
  });

  it('is asked of those that enter where it tells why they do', () => {
    const statically: Partial<ProgramFacts> = { linkage: available('static'), libc: available({ name: 'klibc' }) };
    const init = judgeTree([
      { ...master, facts: statically },
      { ...fast, sites: byLibc },
    ]);
    expect(verdictOf(init, 'libc-bypasses-vdso')).toBe('confirmed');
    expect(verdictOf(init, 'static-libc-without-vdso')).toBe('ruled-out');
    const worker = judgeTree([
      { ...master, perSecond: 500, sites: byLibc },
      { ...fast, facts: statically },
    ]);
    expect(verdictOf(worker, 'libc-bypasses-vdso')).toBe('unknown');
  });

  it('is not known where a process was not read, or has no room', () => {
    for (const report of [
      judgeTree([master, { ...fast, facts: 'unread' }]),
      judgeTree([master, fast], { processCount: 3_000 }),
    ])
      expect(verdictOf(report, 'compat-32bit')).toBe('unknown');
  });

  it('does not differ by addresses, which each process has its own', () => {
    const at = (start: string) => ({
      mappings: available([{ name: '[vdso]', start, end: 'f000', permissions: 'r-xp', sizeBytes: 8_192 } as const]),
      sysinfoEhdr: available(start),
    });
    const report = judgeTree([
      { ...master, facts: at('1000') },
      { ...fast, facts: at('7000') },
    ]);
    expect(report.limits.map(({ reading }) => reading)).not.toContain("the target's mappings");
    expect(report.limits.map(({ reading }) => reading)).not.toContain('AT_SYSINFO_EHDR');
  });

  it('of one process alone is that of the target', () => {
    const alone = judgeTree([{ ...master, perSecond: 10_000, sites: direct, facts: { bits: unavailable('denied') } }]);
    expect(verdictOf(alone, 'compat-32bit')).toBe('ruled-out');
    expect(alone.headline).toMatch(/; the program makes the system call itself$/);
  });
});
