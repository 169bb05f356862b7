import type { TargetFacts } from '../../model/target.ts';
import { cleanText } from '../clean-text.ts';
import { readText } from '../read-file.ts';
import { available, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';

/**
 * How container engines name a container's cgroup, on a cgroup's last-but-some path element. Identifiers are cut to the
 * twelve digits that docker and crictl print. A systemd service is not a container.
 */
const containers: readonly { readonly pattern: RegExp; readonly name: (id: string) => string }[] = [
  { pattern: /docker[-/]([0-9a-f]{64})(?:\.scope)?(?:\/|$)/, name: (id) => `docker ${id.slice(0, 12)}` },
  { pattern: /libpod-([0-9a-f]{64})(?:\.scope)?(?:\/|$)/, name: (id) => `podman ${id.slice(0, 12)}` },
  { pattern: /cri-containerd-([0-9a-f]{64})(?:\.scope)?(?:\/|$)/, name: (id) => `containerd ${id.slice(0, 12)}` },
  { pattern: /crio-([0-9a-f]{64})(?:\.scope)?(?:\/|$)/, name: (id) => `cri-o ${id.slice(0, 12)}` },
  { pattern: /kubepods[^:]*\/pod[0-9a-f-]{36}\/([0-9a-f]{64})(?:\/|$)/, name: (id) => `kubernetes ${id.slice(0, 12)}` },
  { pattern: /\/lxc(?:\.payload)?[./]([\w.-]+)/, name: (id) => `lxc ${id}` },
  { pattern: /\/machine-([\w.\\-]+)\.scope(?:\/|$)/, name: (id) => `machine ${id}` },
];

/** 'path' is the unified hierarchy's, or on cgroup v1 the one of systemd; cgroups(7). */
export function readCgroup(directory: string): TargetFacts['cgroup'] {
  const file = `${directory}/cgroup`;
  try {
    const lines = readText(file).split('\n');
    const path = pathOf(lines);
    if (path === undefined) return unavailable('absent', `${file} names no cgroup of this process`);
    const container = containerOf(path);
    return available(
      { path: cleanText(Buffer.from(path, 'latin1'), 512), ...(container !== undefined && { container }) },
      file,
    );
  } catch (error) {
    return processFailure(file, error);
  }
}

/** Each line is hierarchy:controllers:path; a hybrid system keeps '/' in the unified one and the rest under v1. */
function pathOf(lines: readonly string[]): string | undefined {
  const fields = lines.map((line) => /^\d+:([^:]*):(.*)$/s.exec(line)).filter((match) => match !== null);
  const candidates = ['', 'name=systemd', 'memory', 'cpu,cpuacct'].flatMap((wanted) =>
    fields.filter(([, controllers]) => controllers === wanted).map(([, , path = '']) => path),
  );
  return candidates.find((path) => path !== '/') ?? candidates[0] ?? fields[0]?.[2];
}

/** The innermost container the path names; undefined for none, and inside a container that has a cgroup namespace. */
export function containerOf(path: string): string | undefined {
  for (const { pattern, name } of containers) {
    const id = pattern.exec(path)?.[1];
    if (id !== undefined) return cleanText(name(id), 80);
  }
  return undefined;
}
