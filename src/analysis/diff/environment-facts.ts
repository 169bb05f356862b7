import type { ChangedThing } from '../../model/difference.ts';
import type { HostFacts } from '../../model/host.ts';
import type { Known, Reading } from '../../model/reading.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { known, mapKnown, unavailable } from '../known.ts';

/** A fact that may differ from one run to the next, as text or as a list of which only what differs need be told, and how likely it bears upon a change of each thing. */
export interface EnvironmentFact {
  readonly what: string;
  readonly read: (snapshot: Snapshot) => Known<string | readonly string[]>;
  /** From 1, hardly ever, to 10; a thing that is not named is not touched. */
  readonly weighs: { readonly [T in ChangedThing]?: number };
}

const fact = (what: string, weighs: EnvironmentFact['weighs'], read: EnvironmentFact['read']): EnvironmentFact => ({
  what,
  weighs,
  read,
});

const host =
  <T>(pick: (facts: HostFacts) => Reading<T>, show: (value: T) => string | readonly string[]) =>
  ({ host: facts }: Snapshot) =>
    mapKnown(known(pick(facts)), show);

const asIs = (text: string) => text;
const listed = (texts: readonly string[]) => (texts.length === 0 ? 'none' : texts.join(', '));
/** What of a CPU's flags concerns its counter. */
const counterFlags = ['tsc', 'constant_tsc', 'nonstop_tsc', 'rdtscp', 'tsc_reliable', 'hypervisor'];

/** Of facts that bear upon a change alike, the one that stands first here is told first. */
export const environmentFacts: readonly EnvironmentFact[] = [
  fact(
    'clocksource',
    { paths: 10, 'fast prices': 10, 'kernel prices': 8 },
    host((facts) => facts.currentClocksource, asIs),
  ),
  fact('vDSO clock mode', { paths: 10, 'fast prices': 9 }, ({ clockPage }) =>
    mapKnown(known(clockPage), ({ clockMode }) => clockMode),
  ),
  fact("mappings of the target's vDSO", { paths: 9 }, ({ target }) =>
    mapKnown(known(target.mappings), (mappings) => listed([...new Set(mappings.map(({ name }) => name))].sort())),
  ),
  fact(
    'mitigations',
    { 'kernel prices': 9 },
    host(
      (facts) => facts.mitigations,
      (lines) =>
        Object.entries(lines)
          .map(([name, line]) => `${name}: ${line}`)
          .sort(),
    ),
  ),
  fact('seccomp mode of the target', { 'kernel prices': 3, paths: 2 }, ({ target }) => known(target.seccompMode)),
  fact(
    'other watchers of clock calls',
    { 'kernel prices': 8 },
    host(
      (facts) => facts.otherWatchers,
      (watchers) => watchers,
    ),
  ),
  fact(
    'vDSO build id',
    { paths: 8, 'fast prices': 8 },
    host(
      (facts) => facts.ownVdso,
      ({ buildId }) => buildId ?? 'none',
    ),
  ),
  fact("the target's vDSO", { paths: 8 }, ({ target }) =>
    mapKnown(
      known(target.vdso),
      ({ image, sameAsOurs }) => `${image.buildId ?? 'no build id'}${sameAsOurs ? '' : ', not as ours'}`,
    ),
  ),
  fact('libc', { paths: 8, rates: 3 }, ({ target }) =>
    mapKnown(known(target.libc), ({ name, version, path }) =>
      [name, version, path].filter((part) => part !== undefined).join(' '),
    ),
  ),
  fact('runtime', { paths: 7, rates: 5 }, ({ target }) =>
    mapKnown(known(target.runtime), ({ name, version }) => (version === undefined ? name : `${name} ${version}`)),
  ),
  fact(
    'kernel',
    { paths: 7, 'fast prices': 7, 'kernel prices': 7 },
    host((facts) => facts.kernelRelease, asIs),
  ),
  fact('linkage', { paths: 7 }, ({ target }) => known(target.linkage)),
  fact('word size', { paths: 7 }, ({ target }) => mapKnown(known(target.bits), (bits) => `${bits} bits`)),
  fact('interposed clock functions', { paths: 6, 'fast prices': 1 }, ({ target }) =>
    mapKnown(known(target.interposers), (all) => listed(all.map(({ symbol, module }) => `${symbol} by ${module}`))),
  ),
  fact(
    'kernel command line',
    { paths: 6, 'fast prices': 5, 'kernel prices': 6 },
    host((facts) => facts.kernelCommandLine, asIs),
  ),
  fact(
    'kernel log of TSC and clocksource',
    { paths: 6, 'fast prices': 6 },
    host(
      (facts) => facts.kernelLog,
      (lines) => lines.map(({ text }) => text),
    ),
  ),
  fact(
    'hypervisor',
    { 'fast prices': 6, 'kernel prices': 6, paths: 5 },
    host((facts) => facts.hypervisor, asIs),
  ),
  fact(
    'CPU',
    { 'fast prices': 6, 'kernel prices': 6 },
    host(
      (facts) => facts.cpu,
      ({ model }) => model,
    ),
  ),
  fact(
    'flags of the CPU counter',
    { 'fast prices': 5, paths: 5 },
    host(
      (facts) => facts.cpu,
      ({ flags }) => listed(counterFlags.filter((flag) => flags.includes(flag))),
    ),
  ),
  fact(
    'CPU governor',
    { 'fast prices': 5, 'kernel prices': 5 },
    host((facts) => facts.cpuGovernor, asIs),
  ),
  fact('program', { paths: 6, rates: 7 }, ({ target }) => known(target.exe)),
  fact('command line', { paths: 4, rates: 6 }, ({ target }) =>
    mapKnown(known(target.commandLine), (words) => words.join(' ')),
  ),
  fact('tracer', { 'kernel prices': 2 }, ({ target }) =>
    mapKnown(known(target.tracerPid), (pid) => (pid === 0 ? 'none' : `pid ${pid}`)),
  ),
  fact('time namespace', { 'fast prices': 4 }, ({ target }) =>
    mapKnown(known(target.otherTimeNamespace), (other) => (other ? 'another than ours' : 'ours')),
  ),
  fact('container', { rates: 3 }, ({ target }) =>
    mapKnown(known(target.cgroup), ({ path, container }) => container ?? path),
  ),
  fact(
    'distribution',
    { paths: 2 },
    host((facts) => facts.distribution, asIs),
  ),
  fact(
    'machine',
    { 'fast prices': 2, 'kernel prices': 2 },
    host((facts) => facts.machineModel, asIs),
  ),
  fact(
    'online CPUs',
    { 'fast prices': 1, rates: 1 },
    host((facts) => facts.onlineCpus, String),
  ),
  fact(
    'isolated CPUs',
    { 'kernel prices': 1 },
    host(
      (facts) => facts.isolatedCpus,
      (cpus) => cpus || 'none',
    ),
  ),
  fact(
    'nohz_full CPUs',
    { 'kernel prices': 2 },
    host(
      (facts) => facts.nohzFull,
      (cpus) => cpus || 'none',
    ),
  ),
  fact(
    'standing-in kernel',
    { paths: 9, 'fast prices': 9, 'kernel prices': 9 },
    host((facts) => facts.foreignKernel, asIs),
  ),
  fact('counter of kernel entries', { rates: 2, 'kernel prices': 2 }, ({ entries }) =>
    'value' in entries ? entries.value.method : unavailable(entries.unavailable, entries.detail),
  ),
  fact(
    'host',
    {},
    host((facts) => facts.hostname, asIs),
  ),
];
