import { hostname, machine, release } from 'node:os';
import type { HostFacts } from '../../model/host.ts';
import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { cleanText } from '../clean-text.ts';
import { readMappings } from '../process/read-mappings.ts';
import { available, guarded, mapReading, unavailable } from '../reading.ts';
import { readCapabilities } from './capabilities.ts';
import { readCompatVdso } from './compat-vdso.ts';
import { readCpuFacts } from './cpu-facts.ts';
import { cpusOfList } from './cpu-list.ts';
import { readForeignKernel } from './foreign-kernel.ts';
import { readHypervisor } from './hypervisor.ts';
import { readMitigations } from './mitigations.ts';
import { readAvailableClocksources, readClocksource } from './read-clocksource.ts';
import { readHostFile } from './read-host-file.ts';
import type { SlowFact } from './slow-host.ts';

export { collectSlowHost } from './slow-host.ts';

type FastFact = Exclude<keyof HostFacts, 'ownVdso' | SlowFact>;

const cpuDirectory = '/sys/devices/system/cpu';

/** One collector a fact. Each is a read or two of /proc or /sys, except the hypervisor, which asks CPUID. */
const collectors: { readonly [F in FastFact]-?: () => Required<HostFacts>[F] } = {
  hostname: () => available(cleanText(hostname()), 'uname'),
  architecture: readArchitecture,
  kernelRelease: () => available(cleanText(release()), 'uname'),
  kernelCommandLine: () => readHostFile('/proc/cmdline'),
  currentClocksource: readClocksource,
  availableClocksources: readAvailableClocksources,
  cpu: readCpuFacts,
  onlineCpus: () => readListLength(`${cpuDirectory}/online`),
  hypervisor: () => readHypervisor(),
  mitigations: readMitigations,
  cpuGovernor: () =>
    readHostFile(`${cpuDirectory}/cpu0/cpufreq/scaling_governor`, 'no frequency scaling here (usual in a VM)'),
  numaNodes: () => readListLength('/sys/devices/system/node/online'),
  nohzFull: () => mapReading(readHostFile(`${cpuDirectory}/nohz_full`, 'the kernel has no NO_HZ_FULL'), emptyWhenNone),
  isolatedCpus: () => mapReading(readHostFile(`${cpuDirectory}/isolated`), emptyWhenNone),
  perfEventParanoid: readPerfEventParanoid,
  ownMappings: () => readMappings('/proc/self'),
  compatVdso: () => readCompatVdso(),
  foreignKernel: () => readForeignKernel(),
  capabilities: readCapabilities,
};

/**
 * The host as far as a few milliseconds show it; never throws. kernelLog, distribution, machineModel and otherWatchers are unavailable
 * until `collectSlowHost` has read them. An empty nohzFull or isolatedCpus means that no CPU is.
 */
export function collectHost(ownVdso: Reading<VdsoImage>): HostFacts {
  const facts = Object.entries(collectors).map(([name, read]) => [name, guarded<unknown>(name, read)]);
  return { ...(Object.fromEntries(facts) as Pick<HostFacts, FastFact>), ...notReadYet, ownVdso };
}

const notYet = unavailable('absent', 'not read yet');
const notReadYet: Pick<HostFacts, SlowFact> = {
  kernelLog: notYet,
  distribution: notYet,
  machineModel: notYet,
  otherWatchers: notYet,
};

/** uname tells another machine to whom it was asked to (personality(2), setarch(8)): our own code tells the true one. */
function readArchitecture(): Reading<string> {
  const own = architectures[process.arch];
  return own === undefined ? available(machine(), 'uname') : available(own, "vdsotop's own program");
}

const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', riscv64: 'riscv64' };

function readListLength(path: string): Reading<number> {
  const list = readHostFile(path);
  if ('unavailable' in list) return list;
  const count = cpusOfList(list.value)?.length;
  return count === undefined ? unavailable('failed', `${path} holds no list: '${list.value}'`) : available(count, path);
}

/** The kernel prints '(null)' for a mask that was never allocated (drivers/base/cpu.c). */
function emptyWhenNone(list: string): string {
  return list === '(null)' ? '' : list;
}

function readPerfEventParanoid(): Reading<number> {
  const file = readHostFile('/proc/sys/kernel/perf_event_paranoid', 'this kernel has no perf events');
  if ('unavailable' in file) return file;
  const level = Number.parseInt(file.value, 10);
  return Number.isNaN(level)
    ? unavailable('failed', `${file.source} holds no number: '${file.value}'`)
    : available(level, file.source);
}
