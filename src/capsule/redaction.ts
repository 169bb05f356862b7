import type { Capsule, CapsuleHeader } from '../model/capsule.ts';
import type { HostFacts } from '../model/host.ts';
import type { Reading } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { TargetFacts } from '../model/target.ts';
import { createStringRewriter } from './string-rewriter.ts';

/** Takes out of a capsule what tells more than clock reads: people, machines, arguments. */
export interface Redaction {
  header(header: CapsuleHeader): CapsuleHeader;
  /** What two snapshots share stays shared, and is worked on once. */
  snapshot(snapshot: Snapshot): Snapshot;
}

/** What is taken out, as the header then says it. The environment of a target is never read at all. */
const whatIsHidden: readonly string[] = [
  'host name',
  'arguments of the target',
  'user names in paths',
  'kernel parameters that have nothing to do with clocks',
];

const hidden = '(hidden)';

export function createRedaction(): Redaction {
  const withoutUsers = createStringRewriter((text) => text.replace(homeDirectory, `$1${hidden}`));
  const redactHost = remember(hideInHost);
  return {
    header: (header) => redactHeader(header, withoutUsers),
    snapshot(snapshot) {
      const { host, target, tree, callSites, events } = snapshot;
      const hostname = 'value' in host.hostname ? host.hostname.value : undefined;
      return {
        ...snapshot,
        host: withoutUsers(redactHost(host)),
        target: withoutUsers(hideInTarget(target, hostname)),
        ...(tree !== undefined && { tree: withoutUsers(tree) }),
        callSites: withoutUsers(callSites),
        events: withoutUsers(events),
      };
    },
  };
}

/** The whole of it at once; as it is where it was done before. */
export function redactCapsule(capsule: Capsule): Capsule {
  const { header, snapshots } = capsule;
  if (header.hidden.length > 0) return capsule;
  const redaction = createRedaction();
  return { header: redaction.header(header), snapshots: snapshots.map(redaction.snapshot) };
}

/** Home directories, wherever in a path: a container's root may stand before them. */
const homeDirectory = /(\/home\/)[^/\s"'`,;:()]+/g;

/** Remedies tell to run vdsotop again as it was run, with its own path, and with the command that it started. */
function redactHeader(header: CapsuleHeader, withoutUsers: <T>(value: T) => T): CapsuleHeader {
  const commandLine = `vdsotop -p ${header.target.pid}`;
  const rewrite = createStringRewriter((text) => text.replaceAll(header.commandLine, commandLine));
  return { ...withoutUsers(rewrite(header)), commandLine, hidden: whatIsHidden };
}

function hideInHost(host: HostFacts): HostFacts {
  return {
    ...host,
    hostname: changed(host.hostname, () => '(host name hidden)'),
    kernelCommandLine: changed(host.kernelCommandLine, withClockParameters),
  };
}

/** Parameters that a rule reads or a reader of a clock's incident asks for; Documentation/admin-guide/kernel-parameters. */
const clockParameter =
  /^(clocksource|clock|tsc|notsc|no-kvmclock|no-kvmclock-vsyscall|vdso|vdso32|vsyscall|hpet|nohpet|acpi_pm|lpj|nohz|nohz_full|isolcpus|mitigations|processor\.max_cstate|intel_idle\.max_cstate|idle|xen_nopv|nopv|no_timer_check|clearcpuid)(=|$)/;

function withClockParameters(line: string): string {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const kept = words.filter((word) => clockParameter.test(word));
  const others = words.length - kept.length;
  return [...kept, ...(others > 0 ? [`(${others} hidden)`] : [])].join(' ');
}

function hideInTarget(target: TargetFacts, hostname: string | undefined): TargetFacts {
  return {
    ...target,
    commandLine: changed(target.commandLine, withoutArguments),
    cgroup: changed(target.cgroup, ({ path, container }) => ({
      path: withoutHostname(path, hostname),
      ...(container !== undefined && { container: withoutHostname(container, hostname) }),
    })),
  };
}

/** A program that sets its title writes what it likes behind its name. */
function withoutArguments([program = '', ...rest]: readonly string[]): readonly string[] {
  const [name = '', ...title] = program.split(' ');
  return [name, ...(rest.length + title.length > 0 ? [`${hidden}`] : [])];
}

/** A system container's cgroup, and the container in words, are called by its host name. */
const containerNames: readonly (readonly [name: RegExp, instead: string])[] = [
  [/(\/lxc\.payload\.|\/lxc[./](?!payload\.))[\w.-]+/g, `$1${hidden}`],
  [/(\/machine-)[\w.\\-]+(?=\.scope)/g, `$1${hidden}`],
  [/^(lxc|machine) [\w.\\-]+$/, `$1 ${hidden}`],
];

function withoutHostname(text: string, hostname: string | undefined): string {
  const unnamed = containerNames.reduce((path, [name, instead]) => path.replace(name, instead), text);
  return hostname === undefined || hostname.length < 2 ? unnamed : unnamed.replaceAll(hostname, hidden);
}

function changed<T>(reading: Reading<T>, change: (value: T) => T): Reading<T> {
  return 'value' in reading ? { ...reading, value: change(reading.value) } : reading;
}

function remember<T extends object>(work: (value: T) => T): (value: T) => T {
  const done = new WeakMap<T, T>();
  return (value) => {
    const known = done.get(value) ?? work(value);
    done.set(value, known);
    return known;
  };
}
