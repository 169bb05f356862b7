import type { EntryTotals } from '../model/entries.ts';
import type { Missing } from '../model/findings.ts';
import type { Reading } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import { listCallSiteLimits } from './call-site-limits.ts';
import { slotName } from './clock-table.ts';
import { isUnavailable } from './known.ts';
import { missingOf } from './missing-of.ts';
import { onceEach } from './once-each.ts';
import { namesPhrase } from './phrase.ts';
import type { Prices } from './prices.ts';

/** Everything that could not be read in this run, with what would supply it. */
export function listLimits(basis: Basis): readonly Missing[] {
  const { last } = basis.window;
  const { host, target, activity, entries, fastReads, callSites, cpuSamples, clockPage, cost } = last;
  const readings: readonly (readonly [string, Reading<unknown>])[] = [
    ['kernel entries', entries],
    ...passedOver(entries),
    ['vDSO calls', fastReads],
    ...refused(basis),
    ['call sites', callSites],
    ['CPU samples', cpuSamples],
    ['clock data page', clockPage],
    ['threads and CPU time', activity],
    ['cost of being counted', cost.addedNsPerEntry],
    ['cost of a breakpoint hit', cost.nsPerBreakpointHit],
    ['cost of a CPU sample', cost.nsPerCpuSample],
    ...named(targetNames, target),
    ...named(hostNames, host),
  ];
  const lacking = readings
    .filter(([name, reading]) => !isAnswer(name, reading))
    .flatMap(([name, reading]) => missingOf(name, reading));
  return [...onceEach([...lacking, ...listCallSiteLimits(basis)]), ...untimedSyscalls(basis.prices)];
}

/** Told by some kernels only, and of counters that are BPF programs. */
function passedOver(entries: Reading<EntryTotals>): readonly (readonly [string, Reading<unknown>])[] {
  const told = 'value' in entries ? entries.value.passedOver : undefined;
  return isUnavailable(told) ? [['entries passed over by the kernel', told]] : [];
}

/** Functions that breakpoints found no debug register for, say. */
function refused({ witnessed }: Basis): readonly (readonly [string, Reading<unknown>])[] {
  const all = isUnavailable(witnessed) ? [] : witnessed.refused;
  const byReason = [...Map.groupBy(all, ({ reason: { detail } }) => detail).values()];
  return byReason.flatMap((alike) => {
    const names = namesPhrase(alike.map(({ fn }) => `${fn}()`));
    return alike.slice(0, 1).map(({ reason }) => [`vDSO calls of ${names}`, reason] as const);
  });
}

/** Clocks that every supported kernel has and the sampler times; alarm clocks need a hardware clock. */
const timedClocks = [0, 1, 2, 3, 4, 5, 6, 7, 11] as const;

/** Syscalls of which no batch could be timed, neither before nor while watching: cost is made of their prices. */
function untimedSyscalls(prices: Prices): readonly Missing[] {
  const syscalls = [
    { name: 'a null syscall', what: { call: 'null_syscall', path: 'syscall' } as const },
    ...timedClocks.map((clockId) => ({
      name: slotName(clockId),
      what: { call: 'clock_gettime', clockId, path: 'syscall' } as const,
    })),
  ];
  const untimed = syscalls.filter(
    ({ what }) => prices.unwatched(what) === undefined && prices.watched(what) === undefined,
  );
  if (untimed.length === 0) return [];
  const names = namesPhrase(untimed.map(({ name }) => name));
  return [{ reading: 'price of a syscall', detail: `failed: no batch of ${names} could be timed` }];
}

/** What many hosts simply do not have: its absence is the answer, and nothing that a user could supply. */
const optional: ReadonlySet<string> = new Set([
  'CPU governor',
  'NUMA nodes',
  'nohz_full',
  'isolated CPUs',
  'distribution',
  'machine model',
  'cgroup',
  "the target's own vDSO",
]);

function isAnswer(name: string, reading: Reading<unknown>): boolean {
  return 'unavailable' in reading && reading.unavailable === 'absent' && optional.has(name);
}

const targetNames = {
  bits: '32 or 64 bits',
  linkage: 'static or dynamic',
  mappings: "the target's mappings",
  sysinfoEhdr: 'AT_SYSINFO_EHDR',
  tracerPid: 'tracer',
  seccompMode: 'seccomp mode',
  otherTimeNamespace: 'time namespace',
  libc: 'libc',
  runtime: 'runtime',
  interposers: 'interposed clock functions',
  vdso: "the target's own vDSO",
  cgroup: 'cgroup',
  namespacePid: 'pid in its namespace',
  children: 'children',
  startTimeTicks: 'start time',
  comm: 'name',
  exe: 'executable',
  commandLine: 'command line',
  uid: 'user id',
} as const;

const hostNames = {
  currentClocksource: 'clocksource',
  availableClocksources: 'available clocksources',
  kernelLog: 'kernel log',
  kernelCommandLine: 'kernel command line',
  kernelRelease: 'kernel release',
  architecture: 'architecture',
  cpu: 'CPU flags',
  hypervisor: 'hypervisor',
  mitigations: 'mitigations',
  perfEventParanoid: 'perf_event_paranoid',
  ownMappings: "vdsotop's own mappings",
  ownVdso: "vdsotop's own vDSO",
  capabilities: 'capabilities',
  otherWatchers: 'other watchers',
  foreignKernel: 'foreign kernel',
  onlineCpus: 'online CPUs',
  cpuGovernor: 'CPU governor',
  numaNodes: 'NUMA nodes',
  nohzFull: 'nohz_full',
  isolatedCpus: 'isolated CPUs',
  hostname: 'host name',
  distribution: 'distribution',
  machineModel: 'machine model',
} as const;

function named<K extends string>(
  names: Readonly<Record<K, string>>,
  facts: Readonly<Record<NoInfer<K>, Reading<unknown>>>,
): readonly (readonly [string, Reading<unknown>])[] {
  return (Object.keys(names) as K[]).map((key) => [names[key], facts[key]]);
}
