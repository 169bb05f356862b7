import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import type { Report } from '../../src/model/report.ts';
import type { Window } from '../../src/model/snapshot.ts';
import { kernelSite, places, sampledSites } from './call-sites-builder.ts';
import {
  available,
  denied,
  makeScenario,
  type Scenario,
  tscPrices,
  unavailable,
  unseenVdso,
  unservedPrices,
  usualMappings,
  vdsoImage,
  vdsoMapping,
  vvarMapping,
} from './snapshot-builder.ts';

const ourVdso = vdsoImage({ sameAsOurs: true, differsAt: [] });
const patchedVdso = vdsoImage({ sameAsOurs: false, differsAt: [0x600] });

const judge = (scenario: Scenario = {}): Report => diagnose(makeScenario(scenario), { version: '0.1.0' });
const verdictOf = ({ findings }: Report, id: string, clock?: string) =>
  findings.find((finding) => finding.id === id && (clock === undefined || finding.clock === clock))?.verdict;
const confirmedCauses = ({ findings }: Report) =>
  findings
    .filter(({ role, verdict }) => role === 'cause' && verdict === 'confirmed')
    .map(({ id, clock }) => clock ?? id);

const hpetHost = { currentClocksource: available('hpet'), availableClocksources: available(['hpet', 'acpi_pm']) };

describe('the headline of a slow target', () => {
  it('names a clock that no vDSO serves, its rate, price and share', () => {
    const report = judge({ entries: [['clock_gettime', 3, 20_100]], hits: [['clock_gettime', 3, 8]] });
    expect(report.verdict).toBe('slow');
    expect(report.headline).toBe(
      "THREAD_CPUTIME_ID enters the kernel 20.1 k/s at 212 ns: 0.43 % of a core; no kernel's vDSO serves this clock",
    );
    expect(confirmedCauses(report)).toEqual(['THREAD_CPUTIME_ID']);
  });

  it('says what is excluded where the vDSO serves the clock and no rule accounts for the entries', () => {
    const report = judge({ entries: [['clock_gettime', 0, 20_100]], target: { vdso: ourVdso } });
    expect(report.verdict).toBe('slow');
    expect(report.headline).toBe(
      "REALTIME enters the kernel 20.1 k/s at 165 ns: 0.33 % of a core; this host's vDSO serves this clock in 21.3 ns, so the call is made past the vDSO by the program or its libc",
    );
    expect(confirmedCauses(report)).toEqual([]);
  });

  it('does not say where the call is made while no place was sampled and the vDSO may be another', () => {
    const report = judge({ entries: [['clock_gettime', 0, 20_100]], target: unseenVdso });
    expect(report.headline).toMatch(/this host's vDSO serves this clock in 21\.3 ns; where it enters was not sampled$/);
  });

  it('does not say that the program or its libc makes a call that a vDSO may make which could not be seen', () => {
    const last = { callSites: sampledSites([kernelSite([places.stripped], { slot: 0 })]) };
    const headlineOf = (vdso: Scenario['target']) =>
      judge({ entries: [['clock_gettime', 0, 20_100]], target: { linkage: available('static'), ...vdso }, last })
        .headline;
    expect(headlineOf({})).toMatch(/, so the call is made past the vDSO by the program or its libc$/);
    expect(headlineOf(unseenVdso)).toMatch(
      /; the call is made past the vDSO by the program or its libc, unless something has patched that of the target, which could not be seen$/,
    );
  });

  it('does not lay to the program what a patched vDSO may do', () => {
    const last = { callSites: sampledSites([kernelSite([places.jit], { slot: 0 })]) };
    const report = judge({ entries: [['clock_gettime', 0, 20_100]], target: { vdso: patchedVdso }, last });
    expect(report.headline).toMatch(
      /; this host's vDSO serves this clock in 21\.3 ns, but something has written to that of the target, which may hand its calls on$/,
    );
    expect(confirmedCauses(report)).toEqual([]);
    expect(verdictOf(report, 'direct-syscall')).toBe('possible');
    expect(verdictOf(report, 'vdso-image-modified')).toBe('confirmed');
  });

  it('says of a patched vDSO that makes the system call itself that it is patched', () => {
    const last = { callSites: sampledSites([kernelSite([places.vdsoFallback, places.libcClock], { slot: 0 })]) };
    const report = judge({ entries: [['clock_gettime', 0, 20_100]], target: { vdso: patchedVdso }, last });
    expect(report.headline).toMatch(
      /; the target's vDSO, which something has written to, is called and enters the kernel/,
    );
    expect(confirmedCauses(report)).toEqual([]);
  });

  it('leaves room for a tracer that redirects calls', () => {
    const report = judge({
      entries: [['clock_gettime', 0, 20_100]],
      target: { tracerPid: available(99), vdso: ourVdso },
    });
    expect(report.headline).toContain('made past the vDSO by the program or its libc, or by its tracer');
  });

  it('names the clocksource on a host with hpet, and not for a CPU-time clock', () => {
    const entries = [
      ['clock_gettime', 1, 9_000],
      ['clock_gettime', 3, 4_000],
    ] as const;
    const report = judge({ entries, hits: [['clock_gettime', 1, 8]], host: hpetHost, prices: unservedPrices(1_500) });
    expect(report.headline).toBe(
      'MONOTONIC enters the kernel 9 k/s at 1.67 µs: 1.5 % of a core; clocksource hpet cannot be read in user space',
    );
    expect(verdictOf(report, 'clocksource-not-vdso-capable')).toBe('confirmed');
    expect(verdictOf(report, 'clock-never-in-vdso', 'THREAD_CPUTIME_ID')).toBe('confirmed');
    expect(verdictOf(report, 'clock-never-in-vdso', 'MONOTONIC')).toBe('ruled-out');
    expect(report.impact.level).toBe('high');
  });

  it('takes the clock mode of the host for it where prices of a busy machine say the contrary', () => {
    const report = judge({
      entries: [['clock_gettime', 1, 2_000]],
      hits: [['clock_gettime', 1, 8]],
      host: hpetHost,
      // As timed in a guest on hpet whose host was busy: docs/lab.md.
      prices: { ...unservedPrices(700), '11.vdso': 880, '11.syscall': 9_410, '1.vdso': 833, '1.syscall': 801 },
      both: {
        clockPage: available({ offset: 128, clockMode: 'none', seq: 2, updatesPerSecond: 108, rateWindowMs: 1_000 }),
      },
    });
    expect(verdictOf(report, 'clocksource-not-vdso-capable')).toBe('confirmed');
    expect(report.clocks.filter(({ servedByVdso }) => servedByVdso === true).map(({ name }) => name)).toEqual([
      'REALTIME_COARSE',
      'MONOTONIC_COARSE',
    ]);
    expect(report.headline).toContain('clocksource hpet cannot be read in user space');
  });

  it('does not blame hpet for a clock that no vDSO serves', () => {
    const report = judge({ entries: [['clock_gettime', 3, 20_100]], host: hpetHost, prices: unservedPrices(1_500) });
    expect(report.headline).toContain("no kernel's vDSO serves this clock");
    expect(confirmedCauses(report)).toEqual(['THREAD_CPUTIME_ID']);
  });

  it('says at least where a clock adds up more threads than the process it was timed in has', () => {
    const report = judge({ entries: [['clock_gettime', 2, 2_000]], threads: 500 });
    expect(report.headline).toBe(
      "PROCESS_CPUTIME_ID enters the kernel 2 k/s at 530 ns or more (it adds up all threads): at least 0.11 % of a core; no kernel's vDSO serves this clock",
    );
  });

  it('names the legacy page with the price of the legacy page', () => {
    const report = judge({ entries: [['vsyscall_gettimeofday', 0, 4_000]] });
    expect(report.headline).toBe(
      'gettimeofday() by vsyscall enters the kernel 4 k/s at 345 ns: 0.14 % of a core; the kernel emulates the legacy vsyscall page',
    );
  });

  it('says about where the counter is not exact', () => {
    const window = makeScenario({ entries: [['clock_gettime', 3, 20_100]] });
    const report = diagnose(inexact(window), { version: '0.1.0' });
    expect(report.headline).toMatch(/^THREAD_CPUTIME_ID enters the kernel about 20\.1 k\/s at/);
    expect(report.coverage.sentence).toBe(
      'watched 14 s, all 37 threads, entries counted by bpf, not exactly: some were passed over',
    );
    expect(report.coverage.entriesCounted).toEqual({ unavailable: 'unsupported', detail: 'some were passed over' });
  });

  it.each([
    ['tells that it passed over none', 0, 'every entry counted'],
    [
      'does not tell',
      { unavailable: 'unsupported', detail: 'before Linux 6.7' } as const,
      'every entry counted (if the kernel passed over none)',
    ],
  ])('says whether every entry is counted where the kernel %s', (_, passedOver, sentence) => {
    const { last, ...window } = makeScenario({ entries: [['clock_gettime', 3, 20_100]] });
    if ('unavailable' in last.entries) throw new Error('the scenario counts');
    const entries = { ...last.entries, value: { ...last.entries.value, passedOver } };
    const report = diagnose({ ...window, last: { ...last, entries } }, { version: '0.1.0' });
    expect(report.coverage.sentence).toBe(`watched 14 s, all 37 threads, ${sentence}`);
    expect(report.coverage.entriesPassedOver).toEqual(passedOver);
    const limits = report.limits.filter(({ reading }) => reading === 'entries passed over by the kernel');
    expect(limits.map(({ detail }) => detail)).toEqual(passedOver === 0 ? [] : ['unsupported: before Linux 6.7']);
  });

  it('says how many of the entries are laid to no thread', () => {
    const { last, ...window } = makeScenario({ entries: [['clock_gettime', 3, 20_000]] });
    if ('unavailable' in last.entries) throw new Error('the scenario counts');
    const { value } = last.entries;
    const grown = value.counts.map((entry) => ({ ...entry, count: entry.count + 14 * 5_000 }));
    const entries = { ...last.entries, value: { ...value, counts: grown, unattributed: 14 * 5_000 } };
    const report = diagnose({ ...window, last: { ...last, entries } }, { version: '0.1.0' });
    expect(report.coverage.sentence).toBe(
      'watched 14 s, all 37 threads, every entry counted, 20 % of them laid to no thread (the table of threads is full, or they ended too soon)',
    );
  });

  it('says what is together slow when no clock is by itself', () => {
    const each = [3, 8, 9, 2].map((slot) => ['clock_gettime', slot, slot === 2 ? 1_000 : 1_500] as const);
    const report = judge({ entries: each, threads: 1 });
    expect(report.verdict).toBe('slow');
    expect(report.clocks.filter(({ verdict }) => verdict === 'slow')).toEqual([]);
    expect(report.headline).toContain("no kernel's vDSO serves this clock");
  });

  it('ranks confirmed causes by what a fix saves', () => {
    const entries = [
      ['clock_gettime', 3, 6_000],
      ['vsyscall_gettimeofday', 0, 90_000],
    ] as const;
    expect(confirmedCauses(judge({ entries }))).toEqual(['legacy-vsyscall', 'THREAD_CPUTIME_ID']);
  });
});

const windowsOf = (count: number) =>
  Array.from({ length: 14 }, () => ({
    tid: 4_242,
    armedMs: 10,
    functions: [
      { fn: 'clock_gettime' as const, hits: [{ slot: 1, count }] },
      { fn: 'gettimeofday' as const, hits: [] },
      { fn: 'time' as const, hits: [] },
    ],
  }));

describe('a healthy target', () => {
  it('is told plainly', () => {
    const report = judge({ hits: [['clock_gettime', 1, 8]], threads: 1, last: { fastWindows: windowsOf(1) } });
    expect(report.verdict).toBe('fast');
    expect(report.headline).toBe(
      'No clock read entered the kernel in 14 s; MONOTONIC is read through the vDSO: nothing wrong with clock reads, look elsewhere',
    );
    expect(report.coverage.sentence).toBe('watched 14 s, its one thread, every entry counted');
    expect(report.impact).toMatchObject({ coreShare: 0, targetCpuShare: 0, level: 'none' });
    expect(report.clocks.find(({ name }) => name === 'MONOTONIC')).toMatchObject({ path: 'vdso', verdict: 'fast' });
  });

  it('is not told to look elsewhere where nothing tells how much of a core its reads take', () => {
    const told = (scenario: Scenario) => judge({ hits: [['clock_gettime', 1, 8]], ...scenario }).headline;
    const denied = unavailable('denied', 'no samples here');
    const headline =
      'No clock read entered the kernel in 14 s; MONOTONIC is read through the vDSO: nothing wrong with clock reads seen; how much of a core they take is not known (denied: no samples here)';
    expect(told({ last: { cpuSamples: denied } })).toBe(headline);
    // Windows of 10 ms that hits fill to 8: however many more there may be without them.
    expect(told({ threads: 1, last: { cpuSamples: denied, fastWindows: windowsOf(2_000) } })).toBe(headline);
  });

  it('may read a clock that no vDSO serves, seldom', () => {
    const report = judge({ entries: [['clock_gettime', 3, 2]] });
    expect(report.verdict).toBe('fast');
    expect(report.headline).toBe(
      'THREAD_CPUTIME_ID entered the kernel only 2/s over 14 s, less than 0.0001 % of a core: nothing wrong with clock reads, look elsewhere',
    );
    expect(verdictOf(report, 'clock-never-in-vdso', 'THREAD_CPUTIME_ID')).toBe('confirmed');
  });

  it.each([35, 13, 10])('is not told that nothing is wrong where reads of clock slot %d fail', (slot) => {
    const { verdict, headline } = judge({ entries: [['clock_gettime', slot, 5_000]] });
    expect(verdict).toBe('fast');
    expect(headline).toMatch(/of a core; reads of an id that no clock has fail, each of them, with EINVAL$/);
  });

  it('is not accused of invalid ids by a counter that does not tell clocks apart', () => {
    const report = judge({ entries: [['clock_gettime', 36, 5_000]] });
    expect(verdictOf(report, 'clock-never-in-vdso', 'clocks not told apart')).toBe('unknown');
    expect(report.headline).not.toMatch(/EINVAL|no such clock|nothing wrong/);
  });

  it('on kvm-clock is healthy, with the price that says so', () => {
    const report = judge({ host: { currentClocksource: available('kvm-clock') }, hits: [['clock_gettime', 1, 8]] });
    const kvm = report.findings.find(({ id }) => id === 'kvm-clock-without-vdso');
    expect(report.verdict).toBe('fast');
    expect(kvm?.verdict).toBe('ruled-out');
    expect(kvm?.evidence[0]?.seen).toBe('the vDSO reads it: REALTIME takes 21.3 ns against 165 ns by syscall');
  });

  it('on a host whose clocksource is slow is told so, however little it reads', () => {
    const report = judge({ entries: [['clock_gettime', 1, 3]], host: hpetHost, prices: unservedPrices(1_500) });
    expect(report.headline).toBe(
      'MONOTONIC entered the kernel only 3/s over 14 s, 0.0005 % of a core: too little to matter, though clocksource hpet cannot be read in user space',
    );
  });

  it('is not told so where each read of the counter traps', () => {
    const prices = {
      ...tscPrices,
      'counter.raw': 1_600,
      '0.vdso': 1_610,
      '0.syscall': 1_760,
      '1.vdso': 1_610,
      '1.syscall': 1_760,
    };
    const report = judge({ hits: [['clock_gettime', 1, 8]], prices });
    expect(report.headline).toBe(
      'No clock read entered the kernel in 14 s; MONOTONIC is read through the vDSO, but each read of the counter takes 1.6 µs on this machine',
    );
  });

  it('is not accused for being static', () => {
    const report = judge({ target: { linkage: available('static') }, hits: [['clock_gettime', 1, 8]] });
    expect(verdictOf(report, 'static-libc-without-vdso')).toBe('ruled-out');
    expect(report.verdict).toBe('fast');
  });
});

describe('a target of which nothing was seen', () => {
  it('is idle only when both eyes looked', () => {
    const report = judge();
    expect(report).toMatchObject({ verdict: 'unknown', idle: true });
    expect(report.headline).toBe(
      'No clock read was seen in 14 s: no kernel entry, and no vDSO call in 2.8 s of watched thread time',
    );
    expect(report.clocks.map(({ verdict }) => verdict)).toEqual(report.clocks.map(() => 'idle'));
  });

  const silent = (['clock_gettime', 'gettimeofday', 'time'] as const).map((fn) => ({ fn, hits: [] }));

  it.each([
    ['caught', { hits: [['getcpu', 0, 30]] }],
    [
      'counted',
      {
        last: {
          fastCounts: [
            { tid: 4_242, armedMs: 1, functions: [...silent, { fn: 'getcpu', hits: [{ slot: 36, count: 400 }] }] },
          ],
        },
      },
    ],
  ] as const)('is not said to have called nothing in the vDSO where getcpu() was %s', (_, scenario) => {
    const report = judge(scenario);
    expect(report).toMatchObject({ verdict: 'unknown', idle: true });
    expect(report.headline).toBe(
      'No clock read was seen in 14 s: no kernel entry, and no vDSO call that tells a time in 2.8 s of watched thread time',
    );
  });

  it('is idle without a vDSO that could be called', () => {
    const report = judge({ hits: 'blind', target: { mappings: available([vvarMapping]) } });
    expect(report).toMatchObject({ verdict: 'unknown', idle: true });
    expect(report.headline).toBe('No clock read was seen in 14 s: no kernel entry, and there is no [vdso] to call');
  });

  it('says that children of a target which has ended did, and how to watch them the next time', () => {
    const children = available([{ pid: 4_300, comm: 'worker', readsSeen: 12 }]);
    expect(judge({ target: { children }, last: { ended: true } }).headline).toMatch(
      /; but of its children 4300 \(worker\) did read clocks: --children watches them too$/,
    );
  });

  it('says that its children read clocks, where they were looked at', () => {
    const child = { pid: 4_300, comm: 'worker' };
    const children = available([
      { ...child, readsSeen: 12 },
      { ...child, pid: 4_301, readsSeen: 0 },
    ]);
    expect(judge({ target: { children } }).headline).toBe(
      'No clock read was seen in 14 s: no kernel entry, and no vDSO call in 2.8 s of watched thread time; but of its children 4300 (worker) does read clocks: -p watches one, --children all',
    );
  });

  it.each([
    [
      12,
      '; but of its children 4300 (worker) does read clocks (1 of 3 were looked at): -p watches one, --children all',
    ],
    [0, '; 1 of 3 children were looked at, and none was seen to read a clock'],
    [undefined, ''],
  ])('says how many of its children were looked at: %s reads', (readsSeen, told) => {
    const child = { pid: 4_300, comm: 'worker' };
    const first = { ...child, ...(readsSeen !== undefined && { readsSeen }) };
    const children = available([first, { ...child, pid: 4_301 }, { ...child, pid: 4_302 }]);
    expect(judge({ target: { children } }).headline).toBe(
      `No clock read was seen in 14 s: no kernel entry, and no vDSO call in 2.8 s of watched thread time${told}`,
    );
  });

  it('is unknown, not idle, when the witness cannot look', () => {
    const report = judge({ hits: 'blind' });
    expect(report).toMatchObject({ verdict: 'unknown', idle: false });
    expect(report.headline).toBe(
      'No clock read entered the kernel in 14 s; reads through the vDSO cannot be seen (unsupported: no breakpoints here)',
    );
  });

  describe('of which a debugger holds two debug registers', () => {
    const reason = unavailable('failed', 'busy: the debug registers are taken');
    const looked = ['clock_gettime', 'gettimeofday'] as const;
    const held = (scenario: Scenario = {}): Report => {
      const window = makeScenario(scenario);
      const functions = looked.map((fn) => ({ fn, hits: [] }));
      const fastReads = { ...window.last.fastReads };
      if ('value' in fastReads) {
        const refused = (['time', 'getcpu'] as const).map((fn) => ({ fn, reason }));
        Object.assign(fastReads, { value: { ...fastReads.value, refused } });
      }
      const fastWindows = Array.from({ length: 14 }, () => ({ tid: 4_242, armedMs: 200, functions }));
      return diagnose({ ...window, fastWindows, last: { ...window.last, fastReads } }, { version: '0.1.0' });
    };

    it('is not idle: whether it calls time() is not known', () => {
      const report = held();
      expect(report).toMatchObject({ verdict: 'unknown', idle: false });
      expect(report.headline).toBe(
        'No clock read entered the kernel in 14 s; time() through the vDSO cannot be seen (failed: busy: the debug registers are taken)',
      );
      const told = new Map(report.functions.map((one) => [one.fn, one]));
      expect(told.get('time')).toMatchObject({ fastCallsSeen: reason, path: 'unknown', verdict: 'unknown' });
      expect(told.get('getcpu')?.fastCallsSeen).toEqual(reason);
      expect(told.get('gettimeofday')).toMatchObject({ fastCallsSeen: 0, path: 'none', verdict: 'idle' });
      expect(report.limits).toContainEqual({
        reading: 'vDSO calls of time() and getcpu()',
        detail: 'failed: busy: the debug registers are taken',
      });
    });

    it('is idle where there is no time() in the vDSO, and is fast where it reads another clock', () => {
      const symbols = ['__kernel_clock_gettime', '__kernel_gettimeofday'].map((name) => ({ name, offset: 0x600 }));
      const image = { base: vdsoMapping.start, sizeBytes: 8_192, buildId: 'abcd', hashTables: [], symbols };
      const idle = held({ host: { ownVdso: available(image) } });
      expect(idle).toMatchObject({ verdict: 'unknown', idle: true });
      expect(idle.functions.find(({ fn }) => fn === 'time')).toMatchObject({ fastCallsSeen: 0, path: 'none' });
      expect(held({ hits: [['clock_gettime', 1, 8]] }).verdict).toBe('fast');
    });
  });

  it('says where clocks are read before why its own reads cannot be seen', () => {
    const children = available([{ pid: 4_300, comm: 'worker', readsSeen: 12 }]);
    expect(judge({ hits: 'blind', target: { children } }).headline).toBe(
      'No clock read entered the kernel in 14 s; but of its children 4300 (worker) does read clocks: -p watches one, --children all; reads through the vDSO cannot be seen (unsupported: no breakpoints here)',
    );
  });

  it('is unknown when entries cannot be counted, though its vDSO calls were seen', () => {
    const report = judge({
      hits: [['clock_gettime', 1, 8]],
      both: { entries: denied('bpf answered EPERM', 'sudo vdsotop -p 4242') },
    });
    expect(report).toMatchObject({ verdict: 'unknown', idle: false });
    expect(report.headline).toBe(
      'MONOTONIC is read through the vDSO, but kernel entries are not counted (denied: bpf answered EPERM)',
    );
    expect(report.clocks[1]?.kernelEntriesPerSecond).toEqual(expect.objectContaining({ unavailable: 'denied' }));
    expect(report.limits).toContainEqual({
      reading: 'kernel entries',
      detail: 'denied: bpf answered EPERM',
      remedy: 'sudo vdsotop -p 4242',
    });
    expect(verdictOf(report, 'clocksource-not-vdso-capable')).toBe('unknown');
  });

  it('leads with the rights that it lacks', () => {
    const entries = denied('bpf answered EPERM; it needs CAP_BPF', 'sudo vdsotop -p 4242');
    const headline = (capabilities: readonly string[]) =>
      judge({ both: { entries }, hits: 'blind', host: { capabilities: available(capabilities) } }).headline;
    expect(headline([])).toBe(
      'Not permitted: vdsotop runs unprivileged, and kernel entries are not counted (bpf answered EPERM; it needs CAP_BPF)',
    );
    expect(headline(['sys_ptrace'])).toBe(
      'Not permitted: kernel entries are not counted (bpf answered EPERM; it needs CAP_BPF)',
    );
  });

  it('never says of a CPU-time clock that it is read there, whatever the prices of a busy machine look like', () => {
    const report = judge({
      both: { entries: unavailable('absent', 'tracefs is not mounted') },
      hits: [['clock_gettime', 3, 8]],
      prices: { ...tscPrices, '3.vdso': 1_397, '3.syscall': 4_065 },
    });
    expect(report.headline).toBe('Not known: kernel entries are not counted (absent: tracefs is not mounted)');
    expect(report.clocks.find(({ id }) => id === 3)?.servedByVdso).toBe(false);
  });

  it('of 32 bits is never healthy and never idle', () => {
    for (const hits of [[], [['clock_gettime', 1, 8]]] as const) {
      const report = judge({ target: { bits: available(32) }, hits });
      expect(report).toMatchObject({ verdict: 'unknown', idle: false });
      expect(report.headline).toBe(
        'Not known: the target is a 32-bit process, and of its clock reads not enough can be seen',
      );
    }
  });

  it('of unknown bits is neither', () => {
    const report = judge({ target: { bits: denied() }, hits: [['clock_gettime', 1, 8]] });
    expect(report).toMatchObject({ verdict: 'unknown', idle: false });
  });

  it('of 32 bits is slow when what was counted costs enough', () => {
    const report = judge({ target: { bits: available(32) }, entries: [['clock_gettime', 1, 20_000]] });
    expect(report.verdict).toBe('slow');
    expect(report.headline).toContain('why it enters cannot be told of it');
  });
});

describe('a target without a vDSO', () => {
  it('reads by syscall only, which needs no witness to tell', () => {
    const report = judge({
      target: { mappings: available([]) },
      entries: [['clock_gettime', 1, 100]],
      hits: 'blind',
    });
    expect(report.verdict).toBe('slow');
    expect(report.clocks.find(({ id }) => id === 1)?.path).toBe('syscall');
  });
});

describe('a share of reads that cannot be told', () => {
  it('is said to be so', () => {
    const report = judge({ entries: [['clock_gettime', 1, 100]], hits: 'blind' });
    expect(report.verdict).toBe('unknown');
    expect(report.headline).toBe(
      'MONOTONIC enters the kernel 100/s at 165 ns: 0.0016 % of a core; whether that is more than 5 % of its reads cannot be told: reads through the vDSO cannot be seen (unsupported: no breakpoints here)',
    );
  });
});

describe('hosts and targets without a vDSO', () => {
  const noVdso = available([]);

  it('blames vdso=0 and no clocksource', () => {
    const report = judge({
      host: { ownMappings: noVdso, kernelCommandLine: available('vdso=0'), ownVdso: unavailable('absent') },
      target: { mappings: noVdso },
      entries: [
        ['clock_gettime', 1, 20_000],
        ['time', 0, 100],
      ],
      prices: Object.fromEntries(Object.entries(tscPrices).filter(([key]) => !key.endsWith('.vdso'))),
    });
    expect(report.headline).toBe(
      'MONOTONIC enters the kernel 20 k/s at 165 ns: 0.33 % of a core; this host maps no vDSO',
    );
    expect(confirmedCauses(report)).toEqual(['vdso-disabled']);
    expect(verdictOf(report, 'clocksource-not-vdso-capable')).toBe('ruled-out');
    expect(verdictOf(report, 'vdso-unmapped')).toBe('ruled-out');
  });

  it('tells a target whose vDSO was unmapped from a host without one', () => {
    const report = judge({
      target: { mappings: available([vvarMapping]) },
      entries: [['clock_gettime', 1, 20_000]],
      hits: 'blind',
    });
    expect(report.headline).toBe(
      'MONOTONIC enters the kernel 20 k/s at 165 ns: 0.33 % of a core; the target has no [vdso] mapping',
    );
    expect(confirmedCauses(report)).toEqual(['vdso-unmapped']);
    expect(report.mappings).toEqual([
      {
        ...vvarMapping,
        unusual:
          'without [vdso]: something unmapped the vDSO after exec, as valgrind does; its data alone serves nobody',
      },
    ]);
  });
});

describe('a report', () => {
  const windows: readonly (readonly [string, Window])[] = [
    ['busy', makeScenario({ entries: [['clock_gettime', 3, 20_000]], watchedPrices: tscPrices })],
    ['of a first frame', makeScenario({ seconds: 0.3, entries: [['clock_gettime', 1, 50]] })],
    ['of no time at all', makeScenario({ seconds: 0 })],
    ['without prices', makeScenario({ prices: {}, entries: [['clock_gettime', 3, 20_000]] })],
    [
      'with unusable prices',
      makeScenario({ prices: { '1.vdso': 0, '1.syscall': Number.NaN, 'null_syscall.syscall': 0 } }),
    ],
    ['of an idle CPU', makeScenario({ cpuCores: 0, entries: [['clock_gettime', 3, 20_000]] })],
    [
      'of a process that burnt less than its reads cost',
      makeScenario({ cpuCores: 1e-6, entries: [['clock_gettime', 3, 20_000]] }),
    ],
    [
      'of nothing readable',
      makeScenario({ both: { entries: denied(), fastReads: denied(), activity: denied(), clockPage: denied() } }),
    ],
    [
      'of unknown clocks',
      makeScenario({ entries: [13, 32, 33, 34, 35].map((slot) => ['clock_gettime', slot, 700] as const) }),
    ],
  ];

  it.each(windows)('%s survives JSON unchanged', (_, window) => {
    const report = diagnose(window, { version: '0.1.0' });
    expect(notJson(report)).toEqual([]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.headline).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('does not turn an unmeasured CPU share into a number', () => {
    const report = judge({ cpuCores: 0, entries: [['clock_gettime', 3, 20_000]] });
    expect(report.impact.targetCpuShare).toMatchObject({ unavailable: 'failed' });
    expect(report.impact.coreShare).toBeCloseTo(0.00424, 5);
  });

  it('does not judge what has no price', () => {
    const report = judge({ prices: {}, entries: [['clock_gettime', 3, 20_000]] });
    expect(report.verdict).toBe('unknown');
    expect(report.headline).toBe(
      'THREAD_CPUTIME_ID enters the kernel 20 k/s; what that costs is not known, so it cannot be judged',
    );
    expect(report.impact.level).toMatchObject({ unavailable: 'absent' });
  });

  it('says nothing of a window in which no time has passed', () => {
    const uncounted = judge({ seconds: 0, both: { entries: denied('bpf answered EPERM') } });
    expect(uncounted.headline).toBe('Not permitted: kernel entries are not counted (bpf answered EPERM)');
    const report = judge({ seconds: 0 });
    expect(report).toMatchObject({ verdict: 'unknown', idle: false });
    expect(report.headline).toBe(
      'No verdict yet: watching begins at this moment, and what is judged is the time from one moment to the next',
    );
  });

  it('says why there is no number for vDSO calls where no window told of them', () => {
    const report = judge({ hits: [['clock_gettime', 1, 8]] });
    const monotonic = report.clocks.find(({ name }) => name === 'MONOTONIC');
    expect(monotonic?.fastCallsPerSecond).toEqual({ unavailable: 'absent', detail: 'not read' });
    expect(monotonic?.fastCallsSeen).toBe(112);
  });

  it('carries the same address for vdso and AT_SYSINFO_EHDR without remark', () => {
    expect(judge().mappings).toEqual(usualMappings);
    expect(judge().sysinfoEhdr).toBe(vdsoMapping.start);
  });
});

/** Paths of values that JSON would lose or change, optional properties set to undefined but for thread names aside. */
function notJson(value: unknown, path = 'report'): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (value === undefined) return [`${path} is undefined`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => notJson(inner, `${path}.${key}`));
}

function inexact(window: Window): Window {
  const { last } = window;
  if ('unavailable' in last.entries) throw new Error('the scenario counts');
  const value = { ...last.entries.value, exact: false, caveat: 'some were passed over' };
  return { ...window, last: { ...last, entries: { ...last.entries, value } } };
}
