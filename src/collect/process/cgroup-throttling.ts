import { join } from 'node:path';
import { cleanText } from '../clean-text.ts';
import { readBytes, readText } from '../read-file.ts';

export interface CgroupThrottling {
  /** Sentences about what happened since the last one, one every ten seconds at most for each group. */
  poll(): readonly string[];
}

/** Where files are looked for, other than in tests. */
const systemRoot = '/';
/** A throttled group is throttled ten times a second. */
const saidEveryMs = 10_000;
/** A process may be moved. */
const resolvedEveryMs = 10_000;
const deepest = 16;

interface Group {
  readonly name: string;
  readonly file: string;
}

interface Throttled {
  readonly times: number;
  readonly ns: number;
}

/**
 * Watches whether the CPU quota of a process's cgroup, or of one above it, is used up: nr_throttled and the time in
 * cpu.stat, of cgroup v2 (Documentation/admin-guide/cgroup-v2.rst) or v1 (Documentation/scheduler/sched-bwc.rst). Groups that
 * cannot be read, as outside of our own cgroup namespace, say nothing.
 */
export function createCgroupThrottling(
  pid: number,
  {
    root = systemRoot,
    nowMs = () => performance.now(),
  }: { readonly root?: string; readonly nowMs?: () => number } = {},
): CgroupThrottling {
  let groups: readonly Group[] = [];
  let resolvedMs = Number.NEGATIVE_INFINITY;
  /** By file, as when it was last told of. */
  const told = new Map<string, Throttled & { readonly atMs: number }>();

  const sentenceOf = ({ name, file }: Group): readonly string[] => {
    const now = readThrottled(file);
    if (now === undefined) return [];
    const atMs = nowMs();
    const before = told.get(file);
    if (before === undefined) told.set(file, { ...now, atMs: Number.NEGATIVE_INFINITY });
    if (before === undefined || now.times <= before.times || atMs - before.atMs < saidEveryMs) return [];
    told.set(file, { ...now, atMs });
    const times = now.times - before.times;
    const ms = Math.round((now.ns - before.ns) / 1e6);
    return [
      `cgroup ${name} used its CPU quota up ${times === 1 ? 'once' : `${times} times`}: throttled for ${ms} ms, all CPUs together`,
    ];
  };

  return {
    poll() {
      if (nowMs() - resolvedMs >= resolvedEveryMs) {
        resolvedMs = nowMs();
        groups = findGroups(pid, root);
      }
      return groups.flatMap(sentenceOf);
    },
  };
}

function readThrottled(file: string): Throttled | undefined {
  try {
    const text = readText(file);
    const field = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    const [times, usec, ns] = [field('nr_throttled'), field('throttled_usec'), field('throttled_time')];
    if (Number.isNaN(times)) return undefined;
    return { times, ns: Number.isNaN(usec) ? ns : usec * 1_000 };
  } catch {
    return undefined;
  }
}

/** The process's own group and those above it, as far as they are mounted here. */
function findGroups(pid: number, root: string): readonly Group[] {
  try {
    const lines = namesOf(join(root, `proc/${pid}/cgroup`));
    const mounts = namesOf(join(root, 'proc/self/mountinfo'), 1 << 20);
    return [...groupsOf(lines, mounts, 'v2', root), ...groupsOf(lines, mounts, 'v1', root)];
  } catch {
    return [];
  }
}

/** Names of groups are part of a path here. */
function namesOf(file: string, limit?: number): readonly string[] {
  return readBytes(file, limit).toString('utf8').split('\n');
}

function groupsOf(lines: readonly string[], mounts: readonly string[], version: 'v1' | 'v2', root: string) {
  const wanted = version === 'v2' ? /^0::(\/.*)$/s : /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/s;
  const path = lines.map((line) => wanted.exec(line)?.[1]).find((one) => one !== undefined);
  const mount = mounts.map((line) => mountOf(line, version)).find((one) => one !== undefined);
  // '/..' is outside of our own cgroup namespace (cgroup_namespaces(7)).
  if (path === undefined || mount === undefined || path.startsWith('/..')) return [];
  const inside = `${path}/`.startsWith(`${mount.root}/`) ? path.slice(mount.root.length) : path;
  const parts = inside
    .split('/')
    .filter((part) => part !== '')
    .slice(0, deepest);
  return parts.map((_, index): Group => {
    const name = `/${parts.slice(0, parts.length - index).join('/')}`;
    return { name: cleanText(name, 120), file: join(root, mount.point, name, 'cpu.stat') };
  });
}

/** proc_pid_mountinfo(5): id, parent, device, root, mount point, options … - type, source, super options. */
function mountOf(line: string, version: 'v1' | 'v2'): { readonly root: string; readonly point: string } | undefined {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root = '/', point = ''] = before.split(' ');
  const [type, , options = ''] = after.split(' ');
  const fits = version === 'v2' ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes('cpu');
  return fits ? { root, point } : undefined;
}
