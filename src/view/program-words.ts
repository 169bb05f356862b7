import type { Libc, Runtime } from '../model/program.ts';
import type { Report } from '../model/report.ts';
import { cutMiddle } from './cut-middle.ts';
import { isUnavailable, notKnown } from './format.ts';
import { isLostWithTarget } from './lost-with-target.ts';

const runtimeNames: Readonly<Record<Exclude<Runtime['name'], 'none'>, string>> = {
  go: 'Go',
  jvm: 'JVM',
  node: 'Node',
  python: 'Python',
  ruby: 'Ruby',
  erlang: 'Erlang',
  dotnet: '.NET',
  rust: 'Rust',
};

const libcNames: Readonly<Partial<Record<Libc['name'], string>>> = { none: 'no libc', unknown: 'libc not recognised' };

/** A container id is 64 hexadecimal digits; the tools that take one show twelve. */
const containerIdShown = 12;

/** Who the program is: 'glibc 2.36, dynamic, Python 3.11, in container 0123456789ab'. */
export function programWords(report: Report): string {
  const { libc, linkage, runtime, cgroup } = report.target;
  const parts = [
    [libc, isUnavailable(libc) ? `libc ${notKnown(libc)}` : versioned(libcNames[libc.name] ?? libc.name, libc.version)],
    [linkage, isUnavailable(linkage) ? `linkage ${notKnown(linkage)}` : linkage],
    [runtime, isUnavailable(runtime) ? `runtime ${notKnown(runtime)}` : runtimeWords(runtime)],
    [cgroup, isUnavailable(cgroup) ? `cgroup ${notKnown(cgroup)}` : containerWords(cgroup.container)],
  ] as const;
  return parts
    .filter(([value, words]) => words !== '' && !isLostWithTarget(report, value))
    .map(([, words]) => words)
    .join(', ');
}

function runtimeWords({ name, version }: Runtime): string {
  return name === 'none' ? '' : versioned(runtimeNames[name], version);
}

function versioned(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name} ${version}`;
}

function containerWords(container: string | undefined): string {
  if (container === undefined) return '';
  const id = /^[0-9a-f]{64}$/.test(container) ? container.slice(0, containerIdShown) : cutMiddle(container, 40);
  return `in container ${id}`;
}
