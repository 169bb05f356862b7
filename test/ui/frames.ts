import type { CallSiteSummary, CodePlace } from '../../src/model/call-sites.ts';
import type { ClockSummary, FunctionSummary } from '../../src/model/clocks.ts';
import type { Finding } from '../../src/model/findings.ts';
import type { ClockSeries, Frame } from '../../src/model/frame.ts';
import type { Interval } from '../../src/model/interval.ts';
import type { PriceNs } from '../../src/model/prices.ts';
import type { Unavailable } from '../../src/model/reading.ts';
import type { Report } from '../../src/model/report.ts';

/** Frames as a session would give them, written by hand, for looking at screens and for asserting what they say. */

export const startMs = Date.UTC(2026, 10, 23, 3, 12, 44);

export const denied: Unavailable = {
  unavailable: 'denied',
  detail: 'bpf(BPF_PROG_LOAD) answered EPERM; perf_event_open answered EACCES (perf_event_paranoid 3)',
  remedy: 'sudo vdsotop -p 4711',
};
const notTimed: Unavailable = { unavailable: 'absent', detail: 'the vDSO path of this clock was not timed' };
const noEstimate: Unavailable = { unavailable: 'unsupported', detail: 'no vDSO here serves this clock' };

const price = (p50: number, taken: PriceNs['taken'] = 'unwatched'): PriceNs => ({
  p50,
  p10: p50 * 0.97,
  p90: p50 * 1.06,
  p99: p50 * 1.3,
  batches: 40,
  taken,
});
const about = (value: number): Interval => ({ value, low: value * 0.94, high: value * 1.07 });

const names: readonly (readonly [number, string, boolean])[] = [
  [0, 'REALTIME', true],
  [1, 'MONOTONIC', true],
  [2, 'PROCESS_CPUTIME_ID', false],
  [3, 'THREAD_CPUTIME_ID', false],
  [4, 'MONOTONIC_RAW', true],
  [5, 'REALTIME_COARSE', true],
  [6, 'MONOTONIC_COARSE', true],
  [7, 'BOOTTIME', true],
  [8, 'REALTIME_ALARM', false],
  [9, 'BOOTTIME_ALARM', false],
  [11, 'TAI', true],
];

const syscallNs: Readonly<Record<number, number>> = { 2: 412, 3: 298 };

function idleClock([id, name, served]: (typeof names)[number]): ClockSummary {
  const vdso = served ? (name.endsWith('COARSE') ? 6.2 : 23.1 + id / 10) : undefined;
  const syscall = syscallNs[id] ?? 164 + id;
  return {
    id,
    name,
    kernelEntries: 0,
    kernelEntriesPerSecond: 0,
    fastCallsPerSecond: served ? { value: 0, low: 0, high: 0 } : noEstimate,
    fastCallsSeen: 0,
    ns: {
      syscall: price(syscall),
      libc: price((vdso ?? syscall) + 1.4),
      ...(vdso === undefined ? {} : { vdso: price(vdso) }),
    },
    speedup: vdso === undefined ? notTimed : syscall / vdso,
    coreShare: { value: 0, low: 0, high: 0 },
    fastCoreShare: { value: 0, low: 0, high: 0 },
    targetCpuShare: 0,
    path: 'none',
    servedByVdso: served,
    verdict: 'idle',
  };
}

const idleClocks: readonly ClockSummary[] = names.map(idleClock);

const withClocks = (changes: Readonly<Record<string, Partial<ClockSummary>>>): readonly ClockSummary[] =>
  idleClocks.map((clock) => ({ ...clock, ...changes[clock.name] }));

const slow = (rate: number, ns: number, extra: Partial<ClockSummary> = {}): Partial<ClockSummary> => ({
  kernelEntries: rate * 10,
  kernelEntriesPerSecond: rate,
  coreShare: about((rate * ns) / 1e9),
  targetCpuShare: (rate * ns) / 1e9 / 0.62,
  path: 'syscall',
  verdict: 'slow',
  ...extra,
});

const fast = (seen: number, perSecond: number): Partial<ClockSummary> => ({
  fastCallsSeen: seen,
  fastCallsPerSecond: about(perSecond),
  coreShare: about(perSecond * 24e-9),
  fastCoreShare: about(perSecond * 24e-9),
  targetCpuShare: (perSecond * 24e-9) / 0.62,
  path: 'vdso',
  verdict: 'fast',
});

const quietFunctions: readonly FunctionSummary[] = (
  ['clock_gettime', 'clock_getres', 'gettimeofday', 'time', 'getcpu'] as const
).map((fn) => ({
  fn,
  tellsTime: fn !== 'clock_getres' && fn !== 'getcpu',
  name: `${fn}()`,
  kernelEntries: 0,
  kernelEntriesPerSecond: 0,
  fastCallsPerSecond: { value: 0, low: 0, high: 0 },
  fastCallsSeen: 0,
  ns: { vdso: price(24), syscall: price(170) },
  speedup: 170 / 24,
  coreShare: { value: 0, low: 0, high: 0 },
  fastCoreShare: { value: 0, low: 0, high: 0 },
  targetCpuShare: 0,
  path: 'none',
  servedByVdso: true,
  verdict: 'idle',
}));

export const findings = {
  neverInVdso: {
    id: 'clock-never-in-vdso',
    layer: 'vdso',
    role: 'cause',
    title: 'No vDSO serves THREAD_CPUTIME_ID: every read of it is a syscall, on every kernel',
    verdict: 'confirmed',
    clock: 'THREAD_CPUTIME_ID',
    covers: [],
    because: [],
    evidence: [
      {
        direction: 'supports',
        strength: 'decisive',
        seen: '100 k kernel entries/s with clock id 3, and the id is not among those a vDSO serves',
        where: 'tracepoint sys_enter_clock_gettime; lib/vdso/gettimeofday.c',
      },
      {
        direction: 'supports',
        strength: 'strong',
        seen: 'through the vDSO it takes as long as by syscall here: 302 ns and 298 ns',
        where: 'timed in vdsotop',
      },
    ],
    missing: [],
    fix: {
      command: 'read CLOCK_MONOTONIC where elapsed time is meant; keep THREAD_CPUTIME_ID for CPU time only',
      effect: '23.2 ns a read instead of 298 ns',
      risk: 'wall time is not CPU time: check each use',
      reversible: true,
      wouldNotHelp: 'another clocksource or kernel: this clock is never read from the vDSO page',
    },
    savesCoreShare: about(0.0275),
    reference: 'https://man7.org/linux/man-pages/man7/vdso.7.html',
  },
  directSyscallUnknown: {
    id: 'static-libc-without-vdso',
    layer: 'libc',
    role: 'cause',
    title: 'A static libc that never asks the vDSO',
    verdict: 'unknown',
    clock: 'REALTIME',
    covers: [],
    because: [],
    evidence: [
      {
        direction: 'contradicts',
        strength: 'strong',
        seen: 'the executable is dynamically linked',
        where: '/proc/4711/exe: PT_INTERP',
      },
    ],
    missing: [
      {
        reading: 'call sites',
        detail: 'where the syscall instruction sits is not sampled by this version',
        remedy: 'perf record -e syscalls:sys_enter_clock_gettime -c 1000 -g -p 4711 -- sleep 1',
      },
    ],
    reference: 'https://man7.org/linux/man-pages/man7/vdso.7.html',
  },
  seqcountRuledOut: {
    id: 'seqcount-contention',
    layer: 'kernel',
    role: 'cause',
    title: 'Reads that retry while the kernel updates the clock page',
    verdict: 'ruled-out',
    covers: [],
    because: [],
    evidence: [
      {
        direction: 'contradicts',
        strength: 'strong',
        seen: '251 updates/s × 23 ns: at most 0.0006 % of reads can meet one',
        where: '[vvar] seq, read twice 200 ms apart',
      },
    ],
    missing: [],
    reference: 'https://docs.kernel.org/locking/seqlock.html',
  },
  mitigations: {
    id: 'syscall-mitigations',
    layer: 'kernel',
    role: 'amplifier',
    title: 'Mitigations make every syscall dearer on this CPU',
    verdict: 'likely',
    covers: [],
    because: [],
    evidence: [
      {
        direction: 'supports',
        strength: 'weak',
        seen: 'spectre_v2: Enhanced IBRS; mds: Clear CPU buffers',
        where: '/sys/devices/system/cpu/vulnerabilities',
      },
    ],
    missing: [],
    reference: 'https://docs.kernel.org/admin-guide/hw-vuln/',
  },
  deniedCounts: {
    id: 'clocksource-not-vdso-capable',
    layer: 'clocksource',
    role: 'cause',
    title: 'The current clocksource cannot be read from the vDSO',
    verdict: 'ruled-out',
    covers: [],
    because: [],
    evidence: [
      {
        direction: 'contradicts',
        strength: 'decisive',
        seen: 'clocksource tsc, and MONOTONIC takes 23.2 ns in vdsotop itself',
        where: '/sys/devices/system/clocksource/clocksource0/current_clocksource',
      },
    ],
    missing: [],
    reference: 'https://docs.kernel.org/timers/timekeeping.html',
  },
} as const satisfies Readonly<Record<string, Finding>>;

const healthyCpu = { fastCoreShare: about(0.0022), kernelSampledCoreShare: { value: 0, low: 0, high: 0.001 } };

const libcPath = '/usr/lib/x86_64-linux-gnu/libc.so.6';
const inLibc = (symbol: string, offset: number, address: string): CodePlace => ({
  address,
  kind: 'libc',
  module: libcPath,
  symbol,
  offset,
});

/** What a C++ program's callers are called. */
export const longSymbol =
  '_ZN8checkout7ratelim13token_bucketINS_6policy8sharded_tENSt6chrono3_V212steady_clockEE12refill_slotsILb1EEEvmm';

export const sites = {
  cputime: {
    side: 'kernel',
    fn: 'clock_gettime',
    clock: 'THREAD_CPUTIME_ID',
    place: inLibc('clock_gettime', 0x23, '7ffff7ec21b3'),
    callers: [
      {
        address: '5555555552a9',
        kind: 'executable',
        module: '/work/dist/vdsotop-demo',
        symbol: 'read_cputime',
        offset: 0x3c,
      },
      inLibc('start_thread', 0x2f3, '7ffff7e7e1f3'),
    ],
    foundBy: 'unwinding',
    samples: 504,
    share: 1,
    shareLimits: { low: 0.97, high: 1 },
    threads: [{ tid: 4713, name: 'cputime', samples: 504 }],
    threadCount: 1,
    sentence: 'read_cputime+0x3c in vdsotop-demo, by clock_gettime in libc.so.6',
  },
  direct: {
    side: 'kernel',
    fn: 'clock_gettime',
    clock: 'REALTIME',
    place: inLibc('syscall', 0x1d, '7ffff7f0a8fd'),
    callers: [
      { address: '7ffff7d11c3c', kind: 'library', module: '/opt/lib/libfoo.so', symbol: 'ratelimit', offset: 0x3c },
    ],
    foundBy: 'unwinding',
    samples: 250,
    share: 0.62,
    shareLimits: { low: 0.53, high: 0.7 },
    threads: [
      { tid: 4714, name: 'direct', samples: 200 },
      { tid: 4715, name: 'worker-3', samples: 30 },
      { tid: 4716, samples: 15 },
      { tid: 4717, name: 'worker-4', samples: 5 },
    ],
    threadCount: 4,
    sentence: 'ratelimit+0x3c in libfoo.so, by syscall() in libc.so.6',
  },
  guessed: {
    side: 'kernel',
    fn: 'clock_gettime',
    clock: 'REALTIME',
    place: {
      address: '7ffff7d19a00',
      kind: 'library',
      module: '/opt/lib/libfoo.so',
      symbol: longSymbol,
      offset: 0x114,
    },
    callers: [{ address: '7fffe0001234', kind: 'anonymous' }],
    foundBy: 'frame-pointer',
    samples: 153,
    share: 0.38,
    shareLimits: { low: 0.3, high: 0.47 },
    threads: [{ tid: 4714, name: 'direct', samples: 153 }],
    threadCount: 1,
    sentence: `${longSymbol}+0x114 in libfoo.so`,
  },
  fastRealtime: {
    side: 'vdso',
    fn: 'clock_gettime',
    clock: 'REALTIME',
    place: { address: '7ffc1a3f8c40', kind: 'vdso', module: '[vdso]', symbol: '__vdso_clock_gettime', offset: 0 },
    callers: [inLibc('clock_gettime', 0x1a, '7ffff7ec21aa')],
    foundBy: 'return-address',
    samples: 31,
    share: 1,
    shareLimits: { low: 0.97, high: 1 },
    threads: [{ tid: 4711, name: 'main', samples: 31 }],
    threadCount: 1,
    sentence: 'clock_gettime+0x1a in libc.so.6',
  },
  monotonic: {
    side: 'vdso',
    fn: 'clock_gettime',
    clock: 'MONOTONIC',
    place: { address: '7ffc1a3f8c40', kind: 'vdso', module: '[vdso]', symbol: '__vdso_clock_gettime', offset: 0 },
    callers: [
      inLibc('clock_gettime', 0x1a, '7ffff7ec21aa'),
      {
        address: '555555555421',
        kind: 'executable',
        module: '/work/dist/vdsotop-demo',
        symbol: 'poll_queue',
        offset: 0x71,
      },
    ],
    foundBy: 'unwinding',
    samples: 96,
    share: 1,
    shareLimits: { low: 0.97, high: 1 },
    threads: [{ tid: 4712, name: 'fast', samples: 96 }],
    threadCount: 1,
    sentence: 'poll_queue+0x71 in vdsotop-demo, by clock_gettime in libc.so.6',
  },
} as const satisfies Readonly<Record<string, CallSiteSummary>>;

export const healthyReport: Report = {
  schema: 1,
  tool: { name: 'vdsotop', version: '0.1.0' },
  at: new Date(startMs).toISOString(),
  window: { seconds: 10 },
  target: {
    pid: 4711,
    comm: 'checkout-api',
    exe: '/srv/checkout/bin/checkout-api',
    commandLine: ['/srv/checkout/bin/checkout-api', '--config', '/etc/checkout.toml'],
    uid: 1000,
    bits: 64,
    linkage: 'dynamic',
    threads: 37,
    cpuCores: 0.62,
    children: [],
    libc: { name: 'glibc', version: '2.36', path: '/usr/lib/x86_64-linux-gnu/libc.so.6' },
    runtime: { name: 'none' },
    cgroup: { path: '/system.slice/checkout-api.service' },
    ended: false,
  },
  host: {
    hostname: 'db-7',
    architecture: 'x86_64',
    kernel: '6.18.5-amd64',
    commandLine: 'root=/dev/vda1 ro quiet',
    clocksource: 'tsc',
    availableClocksources: ['tsc', 'kvm-clock', 'acpi_pm'],
    hypervisor: 'kvm',
    distribution: 'Debian GNU/Linux 12 (bookworm)',
    machineModel: 'QEMU Standard PC',
    cpuModel: 'Intel Xeon Platinum',
    clockMode: 'tsc',
    vdsoBuildId: '3f1c0a',
  },
  verdict: 'fast',
  idle: false,
  slowFrom: { coreShare: 0.001, readsPerSecond: 10, entryShare: 0.05 },
  impact: { coreShare: 0, targetCpuShare: 0, ...healthyCpu, level: 'none' },
  headline:
    'Nothing wrong with clock reads, look elsewhere: MONOTONIC and REALTIME were read in the vDSO and no read entered the kernel.',
  clocks: withClocks({ MONOTONIC: fast(418, 81_000), REALTIME: fast(63, 9_300) }),
  functions: quietFunctions,
  threads: [],
  callSites: [sites.monotonic],
  callSiteLimits: [],
  events: [{ atMs: startMs - 14_000, kind: 'attached', text: 'attached to checkout-api (pid 4711)' }],
  findings: [findings.seqcountRuledOut, findings.deniedCounts],
  mappings: [
    { name: '[vvar]', start: '7ffc1a3f2000', end: '7ffc1a3f6000', permissions: 'r--p', sizeBytes: 16_384 },
    { name: '[vvar_vclock]', start: '7ffc1a3f6000', end: '7ffc1a3f8000', permissions: 'r--p', sizeBytes: 8_192 },
    { name: '[vdso]', start: '7ffc1a3f8000', end: '7ffc1a3fa000', permissions: 'r-xp', sizeBytes: 8_192 },
    { name: '[vsyscall]', start: 'ffffffffff600000', end: 'ffffffffff601000', permissions: '--xp', sizeBytes: 4_096 },
  ],
  sysinfoEhdr: '7ffc1a3f8000',
  clockPage: { offset: 0, clockMode: 'tsc', seq: 88_122, updatesPerSecond: 251, rateWindowMs: 200 },
  limits: [],
  coverage: {
    windowSeconds: 10,
    watchedSeconds: 14,
    threads: 37,
    entriesCounted: 1,
    method: 'bpf',
    sentence: 'watched 14 s, all 37 threads, every entry counted',
  },
  cost: {
    coreShare: 0.018,
    samplerCoreShare: 0.002,
    rssBytes: 104 * 1_048_576,
    addedNsPerEntry: 150,
    addedNsPerOtherSyscall: 61,
    probesCoreShare: 0.001,
    targetCoreShare: 0.0002,
  },
};

const enteringSeldom = { targetCpuShare: 2e-6 / 0.62, path: 'syscall', verdict: 'fast' } as const;
const demoThreads = [
  { tid: 4713, name: 'cputime', kernelEntriesPerSecond: 100_000, mostly: 'THREAD_CPUTIME_ID' },
  { tid: 4714, name: 'direct', kernelEntriesPerSecond: 28_300, mostly: 'REALTIME' },
  { tid: 4711, name: undefined, kernelEntriesPerSecond: 12, mostly: 'gettimeofday' },
] as const;

/** The bundled demo: MONOTONIC in the vDSO, THREAD_CPUTIME by syscall with a known cause, REALTIME without one. */
export const demoReport: Report = {
  ...healthyReport,
  target: { ...healthyReport.target, comm: 'vdsotop-demo', exe: '/work/dist/vdsotop-demo', threads: 4 },
  verdict: 'slow',
  impact: {
    coreShare: 0.0346,
    targetCpuShare: 0.0558,
    fastCoreShare: about(0.0046),
    kernelSampledCoreShare: about(0.0331),
    level: 'low',
  },
  headline:
    'THREAD_CPUTIME_ID enters the kernel 100 k times a second: no vDSO serves that clock; it costs 3 % of a core.',
  clocks: withClocks({
    MONOTONIC: fast(512, 192_000),
    THREAD_CPUTIME_ID: slow(100_000, 298),
    REALTIME: slow(28_300, 164, {
      servedByVdso: true,
      path: 'mixed',
      fastCoreShare: about(4_100 * 24e-9),
      fastCallsPerSecond: about(4_100),
      fastCallsSeen: 31,
    }),
  }),
  functions: quietFunctions.map((summary) =>
    summary.fn === 'gettimeofday'
      ? { ...summary, kernelEntries: 120, kernelEntriesPerSecond: 12, coreShare: about(2e-6), ...enteringSeldom }
      : summary,
  ),
  threads: demoThreads,
  callSites: [sites.cputime, sites.direct, sites.guessed, sites.monotonic, sites.fastRealtime],
  findings: [
    findings.neverInVdso,
    findings.directSyscallUnknown,
    findings.mitigations,
    findings.seqcountRuledOut,
    findings.deniedCounts,
  ],
  coverage: {
    ...healthyReport.coverage,
    threads: 4,
    callSiteSamples: { kernel: 907, vdso: 127, lost: 3 },
    sentence: 'watched 14 s, all 4 threads, every entry counted',
  },
  events: [
    { atMs: startMs - 14_000, kind: 'attached', text: 'attached to vdsotop-demo (pid 4711)' },
    { atMs: startMs - 6_000, kind: 'kernel-log', text: 'clocksource: Switched to clocksource tsc' },
  ],
};

/** Two causes on one clock, each with its part of the entries, and what makes both dearer. */
const direct: Finding = {
  id: 'direct-syscall',
  layer: 'program',
  role: 'cause',
  title: 'the program makes the system call itself, past libc and the vDSO',
  verdict: 'confirmed',
  clock: 'REALTIME',
  covers: [],
  because: [],
  evidence: [
    {
      direction: 'supports',
      strength: 'decisive',
      seen: '62 % of 403 sampled entries come from syscall() in libc.so.6 at 7ffff7f0a8fd, called by ratelimit+0x3c in libfoo.so',
      where: 'sampled at sys_enter_clock_gettime, unwound by .eh_frame',
    },
    {
      direction: 'supports',
      strength: 'strong',
      seen: `38 % come from the syscall instruction at 7ffff7d19a00, in ${longSymbol}+0x114`,
      where: 'sampled at sys_enter_clock_gettime',
    },
  ],
  missing: [],
  fix: {
    command: 'in ratelimit (libfoo.so), call clock_gettime() of libc in place of syscall(SYS_clock_gettime)',
    effect: '23.1 ns a read instead of 164 ns',
    risk: 'none known',
    reversible: true,
    wouldNotHelp: 'another clocksource: the vDSO is never asked',
  },
  reference: 'https://man7.org/linux/man-pages/man2/syscall.2.html',
};
const fallsBack: Finding = {
  id: 'clocksource-not-vdso-capable',
  layer: 'clocksource',
  role: 'cause',
  title: 'the clocksource hpet cannot be read from the vDSO',
  verdict: 'likely',
  clock: 'REALTIME',
  covers: [],
  because: ['tsc-marked-unstable'],
  evidence: [
    {
      direction: 'supports',
      strength: 'strong',
      seen: '12 % of 403 sampled entries come from inside [vdso] at 7ffc1a3f8c9d',
      where: 'sampled at sys_enter_clock_gettime',
    },
  ],
  missing: [],
  fix: {
    command: 'echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource',
    effect: 'reads stay in the vDSO',
    risk: 'the TSC was marked unstable: time may jump',
    reversible: true,
  },
  reference: 'https://docs.kernel.org/timers/timekeeping.html',
};
export const twoCausesReport: Report = {
  ...demoReport,
  findings: [direct, fallsBack, { ...findings.mitigations, verdict: 'confirmed' }, findings.seqcountRuledOut],
};

const unseen = {
  kernelEntries: denied,
  kernelEntriesPerSecond: denied,
  fastCallsSeen: denied,
  fastCallsPerSecond: denied,
  coreShare: denied,
  fastCoreShare: denied,
  targetCpuShare: denied,
  path: 'unknown',
  verdict: 'unknown',
} as const satisfies Partial<ClockSummary>;

/** Not root, perf_event_paranoid 3: prices are known, counts are not. */
export const deniedReport: Report = {
  ...healthyReport,
  verdict: 'unknown',
  impact: {
    coreShare: denied,
    targetCpuShare: denied,
    fastCoreShare: denied,
    kernelSampledCoreShare: denied,
    level: denied,
  },
  headline: 'Clock reads of this process cannot be seen: counting needs root or CAP_BPF and CAP_PERFMON.',
  clocks: idleClocks.map((clock) => ({ ...clock, ...unseen })),
  functions: quietFunctions.map((summary) => ({ ...summary, ...unseen })),
  threads: denied,
  callSites: denied,
  mappings: { unavailable: 'denied', detail: 'open /proc/4711/maps: EACCES', remedy: 'sudo vdsotop -p 4711' },
  sysinfoEhdr: { unavailable: 'denied', detail: 'open /proc/4711/auxv: EACCES', remedy: 'sudo vdsotop -p 4711' },
  limits: [
    { reading: 'kernel entries', detail: denied.detail, remedy: 'sudo vdsotop -p 4711' },
    { reading: 'fast reads', detail: 'perf_event_open(breakpoint): EACCES', remedy: 'sudo vdsotop -p 4711' },
    { reading: 'mappings', detail: 'open /proc/4711/maps: EACCES', remedy: 'sudo vdsotop -p 4711' },
  ],
  coverage: {
    ...healthyReport.coverage,
    entriesCounted: denied,
    method: denied,
    sentence: 'watched 14 s; kernel entries could not be counted',
  },
  cost: { ...healthyReport.cost, addedNsPerEntry: denied, addedNsPerOtherSyscall: denied, targetCoreShare: denied },
};

export const idleReport: Report = {
  ...healthyReport,
  verdict: 'unknown',
  idle: true,
  headline: 'No clock read was seen: its 3 children may read clocks (postgres 4720, 4721, 4722).',
  clocks: idleClocks,
};

/** 32-bit: the syscalls:* tracepoints never fire, and the report must not call the target healthy. */
const compatReport: Report = {
  ...deniedReport,
  target: { ...healthyReport.target, comm: 'legacy32', bits: 32 },
  headline: 'A 32-bit process: its clock reads cannot be judged from 64-bit counters.',
  limits: [{ reading: 'kernel entries', detail: 'syscalls:* tracepoints do not fire for 32-bit tasks' }],
};

/** What a target may call itself to make a screen lie or break. */
export const hostileName = '\u001b[2J\u202egnp.exe\u0007日本語👩‍👩‍👧';

export const hostileReport: Report = {
  ...demoReport,
  target: { ...demoReport.target, comm: hostileName, exe: `/tmp/${hostileName}/${'a'.repeat(300)}` },
  host: { ...demoReport.host, hostname: 'ip-10-0-113-204.eu-central-1.compute.internal.example-very-long.com' },
  threads: demoThreads.map((thread) => ({ ...thread, name: `${hostileName}${'x'.repeat(60)}` })),
  callSites: [sites.cputime, sites.direct, sites.guessed].map((site) => ({
    ...site,
    place: { ...site.place, symbol: hostileName, module: `/tmp/${hostileName}${'m'.repeat(250)}` },
    threads: site.threads.map((thread) => ({ ...thread, name: `${hostileName}${'t'.repeat(60)}` })),
    sentence: `${hostileName}${'s'.repeat(250)}+0x3c in ${hostileName}, by ${hostileName}`,
  })),
  headline: `${demoReport.headline} ${'and so on '.repeat(20)}`,
};

/** Sixty seconds of two samples a second; with a gap of five seconds and one spike of the syscall price. */
export function seriesOf(report: Report, endMs = startMs): readonly ClockSeries[] {
  return report.clocks.map(({ id, kernelEntriesPerSecond, ns }) => ({
    slot: id,
    points: Array.from({ length: 120 }, (_, index) => {
      const gap = index >= 40 && index < 50;
      const wave = 1 + 0.2 * Math.sin(index / 6);
      return {
        atMs: endMs - (119 - index) * 500,
        kernelEntriesPerSecond:
          gap || typeof kernelEntriesPerSecond !== 'number' ? null : kernelEntriesPerSecond * wave,
        vdsoNs: gap || ns.vdso === undefined ? null : ns.vdso.p50 * (1 + 0.03 * Math.sin(index)),
        syscallNs: gap || ns.syscall === undefined ? null : ns.syscall.p50 * (index === 90 ? 1.8 : wave),
      };
    }),
  }));
}

export function frameOf(report: Report, changes: Partial<Frame> = {}): Frame {
  return {
    state: 'live',
    behindSeconds: 0,
    intervalMs: 500,
    report,
    series: seriesOf(report),
    idleSeconds: 0,
    ...changes,
  };
}

export const frames = {
  healthy: frameOf(healthyReport),
  demo: frameOf(demoReport),
  denied: frameOf(deniedReport, { idleSeconds: undefined }),
  idle: frameOf(idleReport, { idleSeconds: 12.4 }),
  ended: frameOf({ ...demoReport, target: { ...demoReport.target, ended: true } }, { state: 'ended' }),
  paused: frameOf(demoReport, { state: 'paused', behindSeconds: 12 }),
  measuring: frameOf(
    { ...demoReport, coverage: { ...demoReport.coverage, watchedSeconds: 0.4, windowSeconds: 0.4 } },
    { state: 'measuring' },
  ),
  compat: frameOf(compatReport, { idleSeconds: undefined }),
  twoCauses: frameOf(twoCausesReport),
  hostile: frameOf(hostileReport),
} as const satisfies Readonly<Record<string, Frame>>;
