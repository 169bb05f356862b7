import type { ClockPage } from '../../model/clock-page.ts';
import type { CpuFacts, HostFacts, KernelLogLine } from '../../model/host.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { Interposer, Libc, Runtime } from '../../model/program.ts';
import type { Known, Reading } from '../../model/reading.ts';
import type { TargetVdso, VdsoImage } from '../../model/vdso.ts';
import type { Basis } from '../basis.ts';
import { known, unavailable } from '../known.ts';
import { vdsoHashTables } from '../vdso-hash-tables.ts';
import type { Facts } from './facts.ts';

/** Readings that rules ask for as they were collected. */
export interface CollectedReadings {
  readonly 'clock data page': ClockPage;
  readonly clocksource: string;
  readonly 'available clocksources': readonly string[];
  readonly architecture: string;
  readonly 'kernel release': string;
  readonly 'kernel command line': string;
  readonly 'kernel log': readonly KernelLogLine[];
  /** The same where nothing is left out: only then does silence prove something. */
  readonly 'whole kernel log': readonly KernelLogLine[];
  readonly hypervisor: string;
  readonly 'online CPUs': number;
  readonly 'CPU flags': CpuFacts;
  readonly mitigations: Readonly<Record<string, string>>;
  readonly "the target's mappings": readonly Mapping[];
  readonly "vdsotop's own mappings": readonly Mapping[];
  readonly AT_SYSINFO_EHDR: string;
  /** Whether 32-bit programs that are started now get a vDSO. */
  readonly 'abi.vsyscall32': boolean;
  readonly bits: 32 | 64;
  readonly linkage: 'static' | 'dynamic';
  readonly tracer: number;
  readonly 'seccomp mode': 'none' | 'strict' | 'filter';
  readonly 'another time namespace': boolean;
  readonly libc: Libc;
  readonly runtime: Runtime;
  readonly 'interposed clock functions': readonly Interposer[];
  readonly "the target's own vDSO": TargetVdso;
  /** Of the image that the target's libc looks through: its own, or ours where that cannot be read. */
  readonly 'hash tables of the vDSO': VdsoImage['hashTables'];
  readonly 'other watchers': readonly string[];
  readonly 'foreign kernel': HostFacts['foreignKernel'] extends Reading<infer K> ? K : never;
}

export function collectedFacts({ window }: Basis): Facts<CollectedReadings> {
  const { host, target, clockPage } = window.last;
  return {
    'clock data page': known(clockPage),
    clocksource: known(host.currentClocksource),
    'available clocksources': known(host.availableClocksources),
    architecture: known(host.architecture),
    'kernel release': known(host.kernelRelease),
    'kernel command line': known(host.kernelCommandLine),
    'kernel log': known(host.kernelLog),
    'whole kernel log': wholeLog(host.kernelLog),
    hypervisor: known(host.hypervisor),
    'online CPUs': known(host.onlineCpus),
    'CPU flags': known(host.cpu),
    mitigations: known(host.mitigations),
    "the target's mappings": known(target.mappings),
    "vdsotop's own mappings": known(host.ownMappings),
    AT_SYSINFO_EHDR: known(target.sysinfoEhdr),
    'abi.vsyscall32': known(host.compatVdso ?? notRecorded),
    bits: known(target.bits),
    linkage: known(target.linkage),
    tracer: known(target.tracerPid),
    'seccomp mode': known(target.seccompMode),
    'another time namespace': known(target.otherTimeNamespace),
    libc: known(target.libc),
    runtime: known(target.runtime),
    'interposed clock functions': known(target.interposers),
    "the target's own vDSO": known(target.vdso),
    'hash tables of the vDSO': vdsoHashTables({ target, host }),
    'other watchers': known(host.otherWatchers),
    'foreign kernel': known(host.foreignKernel),
  };
}

const notRecorded = unavailable('absent', 'the vdsotop that recorded this did not read it');

/** As collect/host/kernel-log.ts says that its beginning is missing, and older recordings that it was cut. */
const leavesOut = /\bin part\b|the first \d+ and last \d+ of/;

function wholeLog(log: HostFacts['kernelLog']): Known<readonly KernelLogLine[]> {
  if ('unavailable' in log) return log;
  const { source, cut } = log;
  if (cut === undefined && !leavesOut.test(source)) return log.value;
  const part = cut === undefined ? source : `${source}, the first ${cut.first} and last ${cut.last} of ${cut.of} lines`;
  return unavailable('absent', `only a part of the log is left (${part})`);
}
