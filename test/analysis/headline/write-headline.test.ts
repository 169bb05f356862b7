import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/analysis/diagnose.ts';
import type { CallSite } from '../../../src/model/call-sites.ts';
import type { EntryFunction } from '../../../src/model/clock-calls.ts';
import type { Report } from '../../../src/model/report.ts';
import { executable, kernelSite, places, sampledSites, vdsoSite } from '../call-sites-builder.ts';
import {
  available,
  denied,
  makeScenario,
  type Scenario,
  tscPrices,
  unseenVdso,
  unservedPrices,
} from '../snapshot-builder.ts';

const { libcClock, libcSyscall, ratelimit, poll, vdsoFallback, kernelVsyscall, stripped } = places;
const boottime = [['clock_gettime', 7, 60_100]] as const;
const hpet = {
  host: { currentClocksource: available('hpet'), availableClocksources: available(['hpet', 'acpi_pm']) },
  prices: unservedPrices(1_500),
};

function judge(sites: readonly CallSite[], scenario: Scenario = {}): Report {
  const last = { callSites: sampledSites(sites), ...scenario.last };
  return diagnose(makeScenario({ entries: boottime, ...scenario, last }), { version: '0.1.0' });
}

const causes = ({ findings }: Report) =>
  findings
    .filter(({ role, verdict }) => role === 'cause' && (verdict === 'confirmed' || verdict === 'likely'))
    .map(({ id }) => id);

describe('a headline with call sites', () => {
  it('names the caller and its thread', () => {
    const { headline } = judge([kernelSite([libcSyscall, ratelimit, poll])]);
    expect(headline).toBe(
      'BOOTTIME enters the kernel 60.1 k/s at 165 ns: 0.99 % of a core, all 31 samples from ratelimit+0x3c in libfoo.so (thread main); the program makes the system call itself',
    );
  });

  it('tells of a command that is over the number of its reads, and of one that is watched the rate', () => {
    const once: Scenario = { entries: [['clock_gettime', 3, 61_725]], seconds: 0.2 };
    expect(judge([], { ...once, last: { ended: true } }).headline).toMatch(
      /^THREAD_CPUTIME_ID entered the kernel 12,345 times in 0\.2 s at 212 ns: 2\.62 ms in all; /,
    );
    expect(judge([], once).headline).toMatch(
      /^THREAD_CPUTIME_ID enters the kernel 61\.7 k\/s at 212 ns: 1\.3 % of a core; /,
    );
    expect(judge([], { ...once, last: { ended: true } }).impact.targetCpuShare).toMatchObject({
      unavailable: 'absent',
    });
  });

  it('leaves the thread out where it is the only one', () => {
    const { headline } = judge([kernelSite([libcSyscall, ratelimit, poll])], { threads: 1 });
    expect(headline).not.toContain('thread');
  });

  it('says how much comes from the caller it names', () => {
    const sites = [
      kernelSite([libcSyscall, ratelimit], { samples: 24 }),
      kernelSite([libcSyscall, poll], { samples: 8, tid: 4_242 }),
    ];
    expect(judge(sites).headline).toContain(', 75 % of it from ratelimit+0x3c in libfoo.so (24 of 32 samples)');
  });

  it('never names a caller by frame pointer, nor one of too few samples', () => {
    expect(judge([kernelSite([libcSyscall, ratelimit], { foundBy: 'frame-pointer' })]).headline).not.toContain(
      'ratelimit',
    );
    expect(judge([kernelSite([libcSyscall, ratelimit], { samples: 3 })]).headline).not.toContain('ratelimit');
  });

  it('names the caller of a clock that no vDSO serves', () => {
    const sites = [kernelSite([vdsoFallback, libcClock, poll], { slot: 3 })];
    const report = judge(sites, { entries: [['clock_gettime', 3, 20_100]] });
    expect(report.headline).toBe(
      "THREAD_CPUTIME_ID enters the kernel 20.1 k/s at 212 ns: 0.43 % of a core, all 31 samples from poll_loop+0x12 in server (thread main); no kernel's vDSO serves this clock",
    );
    expect(causes(report)).toEqual(['clock-never-in-vdso']);
  });
});

describe('near neighbours', () => {
  it('two causes on one clock stand side by side, each with its part', () => {
    const sites = [
      kernelSite([libcSyscall, ratelimit], { samples: 12 }),
      kernelSite([vdsoFallback, libcClock, poll], { samples: 20 }),
    ];
    const report = judge(sites, hpet);
    expect(causes(report).sort()).toEqual(['clocksource-not-vdso-capable', 'direct-syscall']);
    expect(report.headline).toContain(
      'for about 63 % of the entries clocksource hpet cannot be read in user space; for about 38 % the program makes the system call itself',
    );
    const fixes = new Map(report.findings.map(({ id, fix }) => [id, fix?.wouldNotHelp]));
    expect(fixes.get('direct-syscall')).toMatch(/^another clocksource alone/);
    expect(fixes.get('clocksource-not-vdso-capable')).toBeDefined();
  });

  it('a system call past the vDSO is not blamed on the clocksource', () => {
    const report = judge([kernelSite([libcSyscall, ratelimit])], hpet);
    expect(causes(report)).toEqual(['direct-syscall']);
    const clocksource = report.findings.find(({ id }) => id === 'clocksource-not-vdso-capable');
    expect(clocksource?.verdict).toBe('ruled-out');
  });

  it('a fallback of the vDSO is not blamed on the program', () => {
    const report = judge([kernelSite([vdsoFallback, libcClock, poll])], hpet);
    expect(causes(report)).toEqual(['clocksource-not-vdso-capable']);
    expect(report.findings.find(({ id }) => id === 'direct-syscall')?.verdict).toBe('ruled-out');
  });

  it('a static binary whose libc asks, and whose program does not', () => {
    const report = judge([kernelSite([executable('syscall', 0x19), poll])], {
      target: { linkage: available('static') },
      hits: [['clock_gettime', 1, 8]],
    });
    expect(causes(report)).toEqual(['direct-syscall']);
    expect(report.findings.find(({ id }) => id === 'static-libc-without-vdso')?.verdict).toBe('ruled-out');
  });

  it('a stripped static binary is accused of nothing', () => {
    const report = judge([kernelSite([stripped])], { target: { linkage: available('static') } });
    expect(causes(report)).toEqual([]);
    expect(report.headline).toContain(
      "this host's vDSO serves this clock in 21.3 ns, so the call is made past the vDSO",
    );
  });

  it('a vDSO that falls back though it serves the same clock in our process', () => {
    const report = judge([kernelSite([vdsoFallback, libcClock, poll])]);
    expect(causes(report)).toEqual([]);
    expect(report.headline).toMatch(
      /; the target's vDSO is called and enters the kernel, though this host's vDSO serves this clock in 21\.3 ns$/,
    );
  });

  it('a valgrind-like tool that unmapped the vDSO and makes the calls from its own text', () => {
    const target = { mappings: available([]), linkage: available('static' as const) };
    const report = judge([kernelSite([stripped])], { target, hits: 'blind' });
    expect(causes(report)).toEqual(['vdso-unmapped']);
  });

  it('a 32-bit program is judged by who called the door of every system call', () => {
    const target = { bits: available(32 as const) };
    const report = judge([kernelSite([kernelVsyscall, libcSyscall, ratelimit])], { target });
    expect(causes(report)).toEqual(['direct-syscall']);
    expect(report.headline).toContain('from ratelimit+0x3c in libfoo.so');
    const unknown = judge([kernelSite([kernelVsyscall])], { target });
    expect(causes(unknown)).toEqual([]);
    expect(unknown.headline).toMatch(/why it enters cannot be told of a process that is not known to be a 64-bit one$/);
  });
});

describe('reads on the fast path that cost', () => {
  const hotReport = (all: number, vdso: number) => {
    const samples = (all: number, vdso: number) =>
      available({
        periodNs: 1e7,
        threads: [{ tid: 4_242, samples: all, vdso, kernelClock: 0, kernel: 0 }],
        vdsoSymbols: { __vdso_clock_gettime: vdso },
        weights: { all: all * 1e7, vdso: vdso * 1e7, kernelClock: 0, kernel: 0, squares: all * 1e14 },
        watchedCpuNs: all * 1e7,
        sampledCpuNs: all * 1e7,
        ranNs: all * 1e7,
        seesKernel: true,
        namesKernel: true,
        lost: 0,
      });
    const functions = [
      { fn: 'clock_gettime' as const, hits: [{ slot: 1, count: 8 }], usedUpAfterMs: 0.5 },
      { fn: 'gettimeofday' as const, hits: [] },
      { fn: 'time' as const, hits: [] },
    ];
    return judge([vdsoSite([libcClock, poll])], {
      entries: [],
      hits: [['clock_gettime', 1, 8]],
      both: { cpuSamples: samples(0, 0) },
      last: {
        cpuSamples: samples(all, vdso),
        callSites: sampledSites([vdsoSite([libcClock, poll])]),
        fastWindows: Array.from({ length: 14 }, () => ({ tid: 4_242, armedMs: 5, functions })),
      },
    });
  };

  it('are told with their caller, and nothing is called wrong with them', () => {
    const report = hotReport(700, 280);
    expect(report.verdict).toBe('fast');
    expect(report.headline).toBe(
      'No clock read entered the kernel in 14 s; MONOTONIC is read through the vDSO, but these reads take 20 % of a core, MONOTONIC mostly from poll_loop+0x12 in server',
    );
  });

  it('are not told to look elsewhere where too few samples were taken to tell their cost', () => {
    const { headline, findings } = hotReport(40, 0);
    expect(findings.find(({ id }) => id === 'fast-but-hot')?.verdict).toBe('unknown');
    expect(headline).toBe(
      'No clock read entered the kernel in 14 s; MONOTONIC is read through the vDSO: nothing wrong with clock reads seen yet; how much of a core they take needs a longer look',
    );
  });

  it('are not told to look elsewhere where their cost is possible', () => {
    const { headline, findings } = hotReport(40, 18);
    expect(findings.find(({ id }) => id === 'fast-but-hot')?.verdict).toBe('possible');
    expect(headline).toBe(
      'No clock read entered the kernel in 14 s; MONOTONIC is read through the vDSO; possibly these reads take 22 % of a core, MONOTONIC mostly from poll_loop+0x12 in server',
    );
  });
});

describe('functions that nothing looked for', () => {
  const headlineOf = (functions: readonly EntryFunction[]) => {
    const looked = functions.map((fn) => ({ fn, hits: fn === 'clock_gettime' ? [{ slot: 1, count: 2 }] : [] }));
    const fastWindows = Array.from({ length: 40 }, () => ({ tid: 4_242, armedMs: 50, functions: looked }));
    const last = { fastWindows, cpuSamples: denied('perf_event_paranoid') };
    return judge([], { threads: 1, entries: [], hits: [['clock_gettime', 1, 5]], last }).headline;
  };

  it('may cost what is not known, and nobody is sent elsewhere', () => {
    expect(headlineOf(['clock_gettime'])).toBe(
      'No clock read entered the kernel in 14 s; MONOTONIC is read through the vDSO: nothing wrong with clock reads seen; how much of a core they take is not known (denied: perf_event_paranoid)',
    );
  });

  it('are none where all were looked for', () => {
    expect(headlineOf(['clock_gettime', 'gettimeofday', 'time'])).toMatch(
      /: nothing wrong with clock reads, look elsewhere$/,
    );
  });
});

describe('a likely cause', () => {
  it('is told beside reads that are fast, and nobody is sent elsewhere', () => {
    const report = judge([], {
      entries: [],
      hits: [['clock_gettime', 1, 8]],
      host: { hypervisor: available('unknown') },
      prices: { ...tscPrices, '1.vdso': 1_620, '1.syscall': 1_780, 'counter.raw': 1_600 },
    });
    expect(report.findings.find(({ id }) => id === 'tsc-read-traps')?.verdict).toBe('likely');
    expect(report.verdict).toBe('fast');
    expect(report.headline).toMatch(
      /MONOTONIC is read through the vDSO, but likely each read of the counter takes 1\.6 µs on this machine$/,
    );
  });

  it('of a small part of the entries is not told for all of them', () => {
    const sites = [
      kernelSite([vdsoFallback, libcClock, poll], { samples: 28 }),
      kernelSite([libcSyscall, ratelimit], { samples: 3 }),
    ];
    const { headline, findings } = judge(sites, { target: unseenVdso });
    expect(findings.find(({ id }) => id === 'direct-syscall')?.verdict).toBe('likely');
    expect(headline).not.toContain('likely');
    expect(headline).toContain("the target's vDSO is called and enters the kernel");
  });
});

describe('coverage', () => {
  it('says how many call sites were sampled and dropped', () => {
    const report = judge([], { last: { callSites: sampledSites([kernelSite([poll])], 7) } });
    expect(report.coverage.sentence).toBe(
      'watched 14 s, all 37 threads, every entry counted, call sites of 31 kernel entries sampled, 7 samples of them dropped',
    );
    expect(report.coverage.callSiteSamples).toEqual({ kernel: 31, vdso: 0, lost: 7 });
  });
});
