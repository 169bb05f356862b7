import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import type { Mapping } from '../../src/model/mappings.ts';
import type { Report } from '../../src/model/report.ts';
import type { TargetFacts } from '../../src/model/target.ts';
import {
  available,
  denied,
  makeScenario,
  makeSnapshot,
  type Scenario,
  tscPrices,
  unavailable,
  vdsoMapping,
  vsyscallMapping,
  vvarClockMapping,
  vvarMapping,
} from './snapshot-builder.ts';

const judge = (scenario: Scenario = {}): Report => diagnose(makeScenario(scenario), { version: '0.1.0' });

describe('impact', () => {
  const level = (perSecond: number, cpuCores: number) =>
    judge({ entries: [['clock_gettime', 3, perSecond]], cpuCores }).impact.level;

  it.each([
    [4_000, 1, 'none'],
    [5_000, 1, 'low'],
    [50_000, 1, 'high'],
    [5_000, 0.02, 'high'],
    [1_000, 0.001, 'none'],
  ])('%d entries/s of a target that burns %d cores: %s', (perSecond, cpuCores, expected) => {
    expect(level(perSecond, cpuCores)).toBe(expected);
  });

  it('has an interval for each clock', () => {
    const clock = judge({ entries: [['clock_gettime', 3, 20_000]] }).clocks.find(({ id }) => id === 3);
    if (clock === undefined || 'unavailable' in clock.coreShare) throw new Error('the scenario has a price');
    const { value, low, high } = clock.coreShare;
    expect(value).toBeCloseTo(0.00424, 6);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    // Counting adds 150 ns to each entry, and the probes take 2 ms a second: neither is the target's own.
    expect(clock.targetCpuShare).toBeCloseTo(0.00424 / (0.5 - 20_000 * 150e-9 - 0.002), 6);
  });
});

describe('clock summaries', () => {
  it('carry prices, speedup and whether the vDSO serves the clock', () => {
    const monotonic = judge().clocks.find(({ name }) => name === 'MONOTONIC');
    expect(monotonic?.ns.vdso?.p50).toBeCloseTo(21.3, 6);
    expect(monotonic?.ns.syscall?.taken).toBe('unwatched');
    expect(monotonic?.speedup).toBeCloseTo(165 / 21.3, 6);
    expect(monotonic?.servedByVdso).toBe(true);
  });

  it('label a price that was taken while watched, and count no cost with it', () => {
    const report = judge({ prices: {}, watchedPrices: tscPrices, entries: [['clock_gettime', 3, 20_000]] });
    const clock = report.clocks.find(({ id }) => id === 3);
    expect(clock?.ns.syscall?.taken).toBe('watched');
    expect(clock?.speedup).toMatchObject({ unavailable: 'absent' });
    expect(clock?.coreShare).toMatchObject({ unavailable: 'absent' });
  });

  it('say that an untimed clock was not timed', () => {
    expect(judge().clocks.find(({ id }) => id === 8)?.servedByVdso).toMatchObject({ unavailable: 'absent' });
  });
});

describe('function summaries', () => {
  it('list every other way in, with what can be said of it', () => {
    const report = judge({
      entries: [
        ['gettimeofday', 0, 40],
        ['clock_getres', 3, 7],
        ['clock_getres', 1, 3],
      ],
    });
    expect(report.functions.map(({ fn }) => fn)).toEqual([
      'gettimeofday',
      'time',
      'getcpu',
      'clock_getres',
      'vsyscall_gettimeofday',
      'vsyscall_time',
      'vsyscall_getcpu',
    ]);
    expect(report.functions.map(({ kernelEntriesPerSecond }) => kernelEntriesPerSecond)).toEqual([
      40, 0, 0, 10, 0, 0, 0,
    ]);
    expect(report.functions.map(({ tellsTime }) => tellsTime)).toEqual([true, true, false, false, true, true, false]);
    expect(report.functions[2]?.fastCallsSeen).toMatchObject({ unavailable: 'unsupported' });
    expect(report.functions[4]?.ns.vsyscall?.p50).toBeCloseTo(345, 6);
  });

  it('say as much as those of clocks', () => {
    const { clocks, functions } = judge({ entries: [['gettimeofday', 0, 20_000]] });
    const { id: _, ...fields } = clocks[0] ?? {};
    for (const { fn, tellsTime, ...summary } of functions)
      expect(Object.keys(summary).sort()).toEqual(Object.keys(fields).sort());
    expect(functions[0]).toMatchObject({
      name: 'gettimeofday()',
      path: 'syscall',
      verdict: 'slow',
      servedByVdso: true,
    });
    expect(functions[0]?.speedup).toBeCloseTo(170 / 22, 6);
    expect(functions[0]?.targetCpuShare).toBeCloseTo((20_000 * 170e-9) / (0.5 - 20_000 * 150e-9 - 0.002), 6);
    expect(functions[4]).toMatchObject({ path: 'none', verdict: 'idle', speedup: { unavailable: 'unsupported' } });
  });

  it('do not call idle what is not witnessed', () => {
    const getcpu = (scenario: Scenario) => judge(scenario).functions.find(({ fn }) => fn === 'getcpu');
    expect(getcpu({})).toMatchObject({ path: 'unknown', verdict: 'unknown' });
    expect(getcpu({ entries: [['getcpu', 0, 5]] })).toMatchObject({ path: 'unknown', verdict: 'fast' });
    expect(getcpu({ target: { mappings: available([]) } })).toMatchObject({ path: 'none', verdict: 'idle' });
  });
});

describe('thread summaries', () => {
  it('are the ten busiest, each with its name where known and what it mostly reads', () => {
    const window = makeScenario({ seconds: 2 });
    const { entries } = window.last;
    if ('unavailable' in entries) throw new Error('the scenario counts');
    const threads = Array.from({ length: 12 }, (_, index) => [
      { tid: 4_242 + index, fn: 'clock_gettime' as const, slot: 3, count: 10 * (index + 1) },
      { tid: 4_242 + index, fn: 'time' as const, slot: 0, count: 5 },
    ]).flat();
    const last = { ...window.last, entries: { ...entries, value: { ...entries.value, threads } } };
    const { threads: shown } = diagnose({ ...window, last }, { version: '0' });
    expect(shown).toHaveLength(10);
    expect(Object.values(shown)[0]).toEqual({
      tid: 4_253,
      name: undefined,
      kernelEntriesPerSecond: 62.5,
      mostly: 'THREAD_CPUTIME_ID',
    });
  });

  it('carry the name of a thread that was read', () => {
    const { threads } = judge({ entries: [['time', 0, 10]] });
    expect(threads).toEqual([{ tid: 4_242, name: 'main', kernelEntriesPerSecond: 10, mostly: 'time' }]);
  });

  it('give the main thread the name of a process that was over before its threads were read', () => {
    const { threads } = judge({ entries: [['time', 0, 10]], last: { activity: denied('gone') } });
    expect(threads).toMatchObject([{ tid: 4_242, name: 'server' }]);
  });

  it('are none only where nothing entered, and unavailable where that cannot be told', () => {
    expect(judge().threads).toEqual([]);
    expect(judge({ both: { entries: denied('EPERM') } }).threads).toMatchObject({ unavailable: 'denied' });
    const window = makeScenario({ entries: [['time', 0, 10]] });
    const { entries } = window.last;
    if ('unavailable' in entries) throw new Error('the scenario counts');
    const value = { ...entries.value, threads: [], unattributed: 140 };
    const first = { ...window.first, entries: denied() };
    expect(
      diagnose({ ...window, first, last: { ...window.last, entries: { ...entries, value } } }, { version: '0' })
        .threads,
    ).toMatchObject({
      detail: 'kernel entries were counted, but are not laid to threads',
    });
  });
});

describe('mappings', () => {
  const unusual = (mappings: readonly Mapping[], target: Partial<TargetFacts> = {}, release = '6.18.44') => {
    const { mappings: summaries } = judge({
      target: { mappings: available(mappings), ...target },
      host: { kernelRelease: available(release) },
    });
    if ('unavailable' in summaries) throw new Error('the scenario has mappings');
    return summaries.map((mapping) => mapping.unusual);
  };

  it('as the kernel makes them are not remarked on', () => {
    expect(unusual([vvarMapping, vvarClockMapping, vdsoMapping, vsyscallMapping])).toEqual(Array(4).fill(undefined));
  });

  it('say what differs', () => {
    expect(unusual([{ ...vsyscallMapping, permissions: 'r-xp' }])).toEqual([
      'r-xp: the kernel runs with vsyscall=emulate; every process has it, and it says nothing about use',
    ]);
    expect(unusual([{ ...vsyscallMapping, permissions: 'r-xp' }], {}, '4.9.0')).toEqual([
      'r-xp: the kernel runs with vsyscall=emulate or native; every process has it, and it says nothing about use',
    ]);
    expect(unusual([{ ...vsyscallMapping, permissions: '---p' }])).toEqual([
      '---p: the kernel maps it in no way that is known here; every process has it, and it says nothing about use',
    ]);
    expect(unusual([{ ...vdsoMapping, permissions: 'rwxp' }])).toEqual([
      'its permissions are rwxp, where the kernel maps it r-xp',
    ]);
    expect(unusual([vdsoMapping], { sysinfoEhdr: available('7ffd00000000') })).toEqual([
      'it was mapped at 7ffd00000000 at exec and has been moved since, as restoring a checkpoint does',
    ]);
    expect(unusual([vdsoMapping], { sysinfoEhdr: available('0') })).toEqual([
      'the auxiliary vector has no AT_SYSINFO_EHDR: libc is not told where it is',
    ]);
    expect(unusual([{ ...vdsoMapping, sizeBytes: 4_096 }])).toEqual([
      "4 KiB, but 8 KiB in vdsotop's own process: it is another image",
    ]);
  });

  it('are measured against the layouts of mainline, between which nothing is said', () => {
    expect(unusual([vvarMapping, vdsoMapping], {}, '6.13.2')[0]).toBe('16 KiB, where mainline 6.13 to 6.14 has 8 KiB');
    expect(unusual([vvarMapping, vdsoMapping], {}, '6.15.1')[0]).toBeUndefined();
    expect(unusual([vvarClockMapping, vdsoMapping], {}, '6.1.0-28-amd64')[0]).toBe(
      '8 KiB, where mainline 5.6 to 6.12 has no such mapping',
    );
  });

  it('that could not be read stay unavailable', () => {
    expect(judge({ target: { mappings: denied('EACCES') } }).mappings).toEqual({
      unavailable: 'denied',
      detail: 'EACCES',
    });
  });
});

describe('coverage', () => {
  it.each([
    [{ threads: 1 }, 'watched 14 s, its one thread, every entry counted'],
    [{ threads: 2, seconds: 1.44 }, 'watched 1.4 s, all 2 threads, every entry counted'],
    [
      { target: { seccompMode: available('filter' as const) } },
      'watched 14 s, all 37 threads, every entry counted that its seccomp filter let pass',
    ],
    [
      { target: { tracerPid: available(7) } },
      'watched 14 s, all 37 threads, every entry counted that its tracer let pass',
    ],
    [{ both: { activity: denied() } }, 'watched 14 s, number of threads not known, every entry counted'],
    [{ both: { entries: denied('EPERM') } }, 'watched 14 s, 37 threads, kernel entries not counted (denied: EPERM)'],
  ] as const)('%o', (scenario, sentence) => {
    expect(judge(scenario).coverage.sentence).toBe(sentence);
  });
});

describe('watched seconds', () => {
  it('are never fewer than those of the window', () => {
    const { coverage } = diagnose({ ...makeScenario(), watchedSeconds: 13.5 }, { version: '0' });
    expect(coverage).toMatchObject({ windowSeconds: 14, watchedSeconds: 14 });
  });
});

describe('cost', () => {
  it('is what vdsotop burnt in the window and what it adds to syscalls', () => {
    const watched = { ...tscPrices, 'null_syscall.syscall': 150 };
    const { cost } = judge({ watchedPrices: watched, entries: [['clock_gettime', 3, 20_000]] });
    expect(cost.coreShare).toBeCloseTo(0.02, 6);
    expect(cost.samplerCoreShare).toBeCloseTo(0.003, 6);
    expect(cost.addedNsPerEntry).toBe(150);
    expect(cost.addedNsPerOtherSyscall).toBeCloseTo(40, 6);
    expect(cost.targetCoreShare).toBeCloseTo(0.003, 6);
  });

  it('is not zero where it is not known', () => {
    const { cost } = judge({ both: { entries: denied() }, watchedPrices: tscPrices });
    expect(cost.addedNsPerOtherSyscall).toMatchObject({ unavailable: 'absent' });
    expect(cost.targetCoreShare).toMatchObject({ unavailable: 'denied' });
    expect(judge({ watchedPrices: tscPrices }).cost.addedNsPerOtherSyscall).toMatchObject({ unavailable: 'failed' });
  });
});

describe('limits', () => {
  it('are none on a host where everything was read and timed', () => {
    expect(judge().limits.map(({ reading }) => reading)).not.toContain('price of a syscall');
  });

  it('name the syscalls that could not be timed', () => {
    const { 'null_syscall.syscall': _null, '3.syscall': _three, ...prices } = tscPrices;
    expect(judge({ prices }).limits).toContainEqual({
      reading: 'price of a syscall',
      detail: 'failed: no batch of a null syscall and THREAD_CPUTIME_ID could be timed',
    });
  });

  it('name everything that could not be read, with its remedy', () => {
    const { limits } = judge({
      target: { exe: denied('EACCES', 'sudo vdsotop -p 4242') },
      host: { kernelLog: unavailable('denied', 'dmesg_restrict is 1', 'sudo sysctl kernel.dmesg_restrict=0') },
    });
    expect(limits).toContainEqual({ reading: 'executable', detail: 'denied: EACCES', remedy: 'sudo vdsotop -p 4242' });
    expect(limits).toContainEqual({
      reading: 'kernel log',
      detail: 'denied: dmesg_restrict is 1',
      remedy: 'sudo sysctl kernel.dmesg_restrict=0',
    });
  });

  it('name what call sites could not be read for, once for one reason', () => {
    const obstacle = denied('/proc/4242/mem: EACCES');
    const sites = { sites: [], samples: { kernel: 1, vdso: 0 }, lost: 0, obstacles: [obstacle, obstacle] };
    const { limits, callSiteLimits } = judge({ last: { callSites: available(sites) } });
    const limit = { reading: 'names and callers of call sites', detail: 'denied: /proc/4242/mem: EACCES' };
    expect(limits.filter(({ detail }) => detail.includes('/proc/4242/mem'))).toEqual([limit]);
    expect(callSiteLimits).toEqual([limit]);
  });

  it('name breakpoints that are never hit once, though two readings lack them', () => {
    const deaf = unavailable('unsupported', 'breakpoints can be set on this host but are never hit');
    const { cost } = makeSnapshot({}, 1);
    const { limits } = judge({ last: { fastReads: deaf, cost: { ...cost, nsPerBreakpointHit: deaf } } });
    expect(limits.filter(({ detail }) => detail.includes('never hit'))).toEqual([
      { reading: 'vDSO calls', detail: `unsupported: ${deaf.detail}` },
    ]);
  });
});
