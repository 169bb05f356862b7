import { makeWindow } from '../../src/analysis/window.ts';
import type { ClockSlot, EntryFunction } from '../../src/model/clock-calls.ts';
import type { EntryCount } from '../../src/model/entries.ts';
import type { HostFacts } from '../../src/model/host.ts';
import type { Mapping } from '../../src/model/mappings.ts';
import type { TimedCall, TimedPath, TimingSample } from '../../src/model/prices.ts';
import type { Reading, Unavailable, UnavailableReason } from '../../src/model/reading.ts';
import type { Snapshot, Window } from '../../src/model/snapshot.ts';
import type { TargetFacts } from '../../src/model/target.ts';
import type { TargetVdso, VdsoImage } from '../../src/model/vdso.ts';

/** A reading as a collector makes it. */
export function available<T>(value: T, source = 'test'): Reading<T> {
  return { value, source };
}

export function denied(detail = 'no permission', remedy?: string): Unavailable {
  return unavailable('denied', detail, remedy);
}

export function unavailable(reason: UnavailableReason, detail = 'not read', remedy?: string): Unavailable {
  return { unavailable: reason, detail, ...(remedy !== undefined && { remedy }) };
}

export const vdsoMapping: Mapping = {
  name: '[vdso]',
  start: '7ffd1a5f2000',
  end: '7ffd1a5f4000',
  permissions: 'r-xp',
  sizeBytes: 8_192,
};

export const vvarMapping: Mapping = {
  name: '[vvar]',
  start: '7ffd1a5ec000',
  end: '7ffd1a5f0000',
  permissions: 'r--p',
  sizeBytes: 16_384,
};

export const vvarClockMapping: Mapping = {
  name: '[vvar_vclock]',
  start: '7ffd1a5f0000',
  end: '7ffd1a5f2000',
  permissions: 'r--p',
  sizeBytes: 8_192,
};

export const vsyscallMapping: Mapping = {
  name: '[vsyscall]',
  start: 'ffffffffff600000',
  end: 'ffffffffff601000',
  permissions: '--xp',
  sizeBytes: 4_096,
};

export const usualMappings: readonly Mapping[] = [vvarMapping, vvarClockMapping, vdsoMapping, vsyscallMapping];

/** The host these figures were measured on: a KVM guest, kernel 6.18, clocksource tsc. */
export const tscHost: HostFacts = {
  hostname: available('vm'),
  architecture: available('x86_64'),
  kernelRelease: available('6.18.44'),
  kernelCommandLine: available('root=/dev/vda console=ttyS0'),
  currentClocksource: available('tsc'),
  availableClocksources: available(['tsc', 'kvm-clock']),
  cpu: available({ model: 'Test CPU', flags: ['tsc', 'constant_tsc', 'nonstop_tsc'] }),
  onlineCpus: available(2),
  hypervisor: available('kvm'),
  mitigations: available({ meltdown: 'Not affected', mds: 'Not affected' }),
  cpuGovernor: unavailable('absent'),
  numaNodes: available(1),
  nohzFull: available(''),
  isolatedCpus: available(''),
  kernelLog: available([]),
  perfEventParanoid: available(2),
  ownMappings: available(usualMappings),
  ownVdso: available({
    base: vdsoMapping.start,
    sizeBytes: 8_192,
    buildId: 'abcd',
    hashTables: ['sysv', 'gnu'],
    symbols: ['__vdso_clock_gettime', '__vdso_gettimeofday', '__vdso_time', '__vdso_getcpu'].map((name, index) => ({
      name,
      offset: 0x600 + index * 0x100,
    })),
  }),
  distribution: available('Debian GNU/Linux 12 (bookworm)'),
  machineModel: available('KVM'),
  otherWatchers: available([]),
  foreignKernel: available('none'),
  capabilities: available(['bpf', 'perfmon']),
};

const usualTarget: TargetFacts = {
  pid: 4_242,
  startTimeTicks: available(1_000),
  comm: available('server'),
  exe: available('/usr/bin/server'),
  commandLine: available(['server']),
  uid: available(1_000),
  bits: available(64),
  linkage: available('dynamic'),
  mappings: available(usualMappings),
  sysinfoEhdr: available(vdsoMapping.start),
  tracerPid: available(0),
  seccompMode: available('none'),
  otherTimeNamespace: available(false),
  libc: available({ name: 'glibc', version: '2.36', path: '/usr/lib/x86_64-linux-gnu/libc.so.6' }),
  runtime: available({ name: 'none' }),
  interposers: available([]),
  vdso: vdsoImage({ sameAsOurs: true, differsAt: [], hashTables: ['sysv', 'gnu'] }),
  vdsoWritten: available(false),
  cgroup: available({ path: '/system.slice/server.service' }),
  namespacePid: available(4_242),
  children: available([]),
};

/** A target's own vDSO, as it compares with ours. */
export function vdsoImage({
  hashTables = ['sysv'],
  ...compared
}: Omit<TargetVdso, 'image'> & Partial<Pick<VdsoImage, 'hashTables'>>): Reading<TargetVdso> {
  const { start: base, sizeBytes } = vdsoMapping;
  return available({ image: { base, sizeBytes, buildId: undefined, hashTables, symbols: [] }, ...compared });
}

/** Of which nobody knows whether it was patched. */
export const unseenVdso = {
  vdso: denied('reading /proc/4242/mem needs the permission to attach a debugger', 'sudo vdsotop -p 4242'),
  vdsoWritten: denied(),
};

/** Per-call nanoseconds of what is timed: 'clock.path' for clock_gettime, 'call.path' for the rest. */
export type PriceList = Readonly<Record<string, number>>;

const servedClocks = [0, 1, 4, 7, 11];

/** Prices of a healthy tsc host. */
export const tscPrices: PriceList = {
  ...Object.fromEntries(servedClocks.flatMap((id) => paths(id, 21.3, 165))),
  ...Object.fromEntries([5, 6].flatMap((id) => paths(id, 3.2, 150))),
  ...Object.fromEntries(paths(2, 545, 530)),
  ...Object.fromEntries(paths(3, 222, 212)),
  'gettimeofday.vdso': 22,
  'gettimeofday.syscall': 170,
  'time.syscall': 120,
  'getcpu.syscall': 130,
  'gettimeofday.vsyscall': 345,
  'time.vsyscall': 316,
  'null_syscall.syscall': 110,
  'counter.raw': 18,
};

/** The same host with a clocksource that takes so long and is not read in user space. */
export function unservedPrices(counterReadNs: number): PriceList {
  const syscall = 165 + counterReadNs;
  return {
    ...tscPrices,
    ...Object.fromEntries(servedClocks.flatMap((id) => paths(id, syscall + 8, syscall))),
    'gettimeofday.vdso': syscall + 8,
    'gettimeofday.syscall': syscall,
  };
}

function paths(id: number, vdso: number, syscall: number): readonly (readonly [string, number])[] {
  return [
    [`${id}.vdso`, vdso],
    [`${id}.syscall`, syscall],
  ];
}

/** Ten batches of each price, spread by a per cent. */
export function timingsOf(prices: PriceList, watched = false): readonly TimingSample[] {
  return Object.entries(prices).map(([key, ns]) => {
    const [what = '', path = ''] = key.split('.');
    const clockId = /^\d+$/.test(what) ? Number(what) : undefined;
    return {
      call: clockId === undefined ? (what as TimedCall) : 'clock_gettime',
      clockId,
      path: path as TimedPath,
      cpu: 0,
      callsPerBatch: 1_024,
      perCallNs: Array.from({ length: 10 }, (_, index) => ns * (1 + (index - 4.5) / 900)),
      watched,
    };
  });
}

/** Entries a second, by function and clock slot. */
export type Rates = readonly (readonly [EntryFunction, ClockSlot, number])[];

export interface Scenario {
  readonly host?: Partial<HostFacts>;
  readonly target?: Partial<TargetFacts>;
  /** Default 14. */
  readonly seconds?: number;
  readonly entries?: Rates;
  /** vDSO calls caught in the stretch; 'blind' where the witness cannot look. */
  readonly hits?: Rates | 'blind';
  readonly threads?: number;
  /** Threads that the target starts a second, which end at once; absent: that is not counted. */
  readonly startedPerSecond?: number;
  readonly cpuCores?: number;
  readonly prices?: PriceList;
  readonly watchedPrices?: PriceList;
  /** Changes to the two ends, after everything else. */
  readonly both?: Partial<Snapshot>;
  readonly last?: Partial<Snapshot>;
}

/** A window of a target that does what the scenario says, on a healthy host unless it says otherwise. */
export function makeScenario(scenario: Scenario = {}): Window {
  const { seconds = 14, both = {}, last = {} } = scenario;
  const begin = makeSnapshot(scenario, 2);
  const end = makeSnapshot(scenario, 2 + seconds);
  const timings = timingsOf(scenario.watchedPrices ?? {}, true);
  return makeWindow(
    [
      { ...begin, ...both },
      { ...end, timings, ...both, ...last },
    ],
    timingsOf(scenario.prices ?? tscPrices),
  );
}

/** A complete snapshot, so many seconds after the counters were armed. */
export function makeSnapshot(scenario: Scenario, atSeconds: number): Snapshot {
  const { threads = 37, cpuCores = 0.5, startedPerSecond } = scenario;
  return {
    atMs: Date.UTC(2026, 10, 23) + atSeconds * 1_000,
    elapsedMs: atSeconds * 1_000,
    host: { ...tscHost, ...scenario.host },
    target: { ...usualTarget, ...scenario.target },
    activity: available({ threadCount: threads, threadNames: { 4242: 'main' }, cpuTimeNs: cpuCores * atSeconds * 1e9 }),
    entries: available({
      method: 'bpf',
      exact: true,
      armedForMs: atSeconds * 1_000,
      counts: countsAt(scenario.entries ?? [], atSeconds),
      threads: countsAt(scenario.entries ?? [], atSeconds).map((count) => ({ ...count, tid: 4_242 })),
      unattributed: 0,
      ...(startedPerSecond !== undefined && { started: startedPerSecond * atSeconds }),
    }),
    fastReads: fastReadsAt(scenario.hits ?? [], atSeconds),
    fastWindows: [],
    cpuSamples: unavailable('absent'),
    callSites: unavailable('absent'),
    clockPage: available({ offset: 0, clockMode: 'tsc', seq: 2_000, updatesPerSecond: 250, rateWindowMs: 1_000 }),
    timings: [],
    unwatched: [],
    cost: {
      cpuTimeNs: atSeconds * 2e7,
      samplerNs: atSeconds * 3e6,
      rssBytes: 9e7,
      addedNsPerEntry: available(150),
      nsPerBreakpointHit: available(4_000),
      nsPerCpuSample: available(9_000),
      probesNs: atSeconds * 2e6,
    },
    events: [],
    ended: false,
    sinceMs: 0,
  };
}

function countsAt(rates: Rates, seconds: number): readonly EntryCount[] {
  return rates.map(([fn, slot, perSecond]) => ({ fn, slot, count: Math.round(perSecond * seconds) }));
}

/**
 * One window a second of 200 thread-milliseconds, as four busy threads for 50 ms; cut short where calls were caught.
 */
function fastReadsAt(hits: Rates | 'blind', seconds: number): Snapshot['fastReads'] {
  if (hits === 'blind') return unavailable('unsupported', 'no breakpoints here');
  const windows = Math.floor(seconds);
  return available({
    hits: countsAt(hits, seconds),
    armedThreadMs: windows * 200,
    boundedWindows: hits.length > 0 ? windows : 0,
    windows,
  });
}
