import type { ProcessRow } from '../../model/process-row.ts';
import { cleanText } from '../clean-text.ts';
import { listContainerPids } from './container-pids.ts';
import { listPids } from './list-pids.ts';
import { listProcesses } from './list-processes.ts';
import { ownPid } from './own-pid.ts';
import { hasEnded, readProcessStat } from './process-stat.ts';
import { readProcessStatus, statusNumbers } from './process-status.ts';
import {
  kernelThread,
  noSuchName,
  noSuchProcess,
  nothingGiven,
  notPositive,
  ownProcess,
  type UnresolvedTarget,
  zombie,
} from './unresolved-target.ts';

/** The one process that was meant. */
export interface ResolvedTarget {
  readonly kind: 'found';
  readonly pid: number;
  /** How the text was understood, one line; absent where it was simply a PID. */
  readonly note?: string;
}

/** Several fit: for a picker. */
export interface SeveralTargets {
  readonly kind: 'several';
  readonly candidates: readonly ProcessRow[];
}

export type Resolution = ResolvedTarget | SeveralTargets | UnresolvedTarget;

/**
 * The process that `-p TEXT` means: a PID, else the process of a thread id, else a PID as a container sees it; text that
 * is no number is the name of a process. Never throws.
 */
export function resolveTarget(text: string): Resolution {
  const wanted = text.trim();
  if (wanted === '') return nothingGiven();
  return /^-?\d+$/.test(wanted) ? resolveNumber(Number(wanted)) : resolveName(wanted);
}

function resolveNumber(id: number): Resolution {
  if (id <= 0) return notPositive(id);
  const pid = processOf(id);
  if (pid === undefined) return resolveContainerPid(id);
  const found = vet(pid);
  if (found.kind !== 'found') return found;
  const notes = [...(pid === id ? [] : [threadNote(id, pid)]), ...sameNumberElsewhere(id, pid)];
  return notes.length === 0 ? found : { ...found, note: notes.join('; ') };
}

/** The process that a process or thread id belongs to: /proc answers for both, and lists only the former. */
function processOf(id: number): number | undefined {
  const status = readProcessStatus(`/proc/${id}`);
  return 'value' in status ? statusNumbers(status.value, 'Tgid')[0] : undefined;
}

/** A process that can be watched, or why it cannot. */
function vet(pid: number): ResolvedTarget | UnresolvedTarget {
  const stat = readProcessStat(`/proc/${pid}`);
  if ('unavailable' in stat) return noSuchProcess(pid);
  if (pid === ownPid()) return ownProcess(pid);
  if (stat.value.kernelThread) return kernelThread(pid, stat.value.comm);
  if (hasEnded(stat.value)) return zombie(pid, stat.value);
  return { kind: 'found', pid };
}

function threadNote(tid: number, pid: number): string {
  return `${tid} is a thread of process ${pid} (${commOf(pid)}), which is watched whole`;
}

function sameNumberElsewhere(id: number, chosen: number): readonly string[] {
  const others = listContainerPids(id).filter((pid) => pid !== chosen);
  if (others.length === 0) return [];
  const shown = others.slice(0, 3).map((pid) => `${pid} (${commOf(pid)})`);
  const rest = others.length > shown.length ? ` and ${others.length - shown.length} more` : '';
  return [`a container has a PID ${id} too, here ${shown.join(', ')}${rest}: give that number to watch it instead`];
}

function commOf(pid: number): string {
  const stat = readProcessStat(`/proc/${pid}`);
  return 'value' in stat ? stat.value.comm : 'ended';
}

function resolveContainerPid(id: number): Resolution {
  const inContainers = new Set(listContainerPids(id));
  if (inContainers.size === 0) return noSuchProcess(id);
  const candidates = listProcesses().filter(({ pid }) => inContainers.has(pid));
  const [only] = candidates;
  if (only === undefined) return noSuchProcess(id);
  if (candidates.length > 1) return { kind: 'several', candidates };
  return { kind: 'found', pid: only.pid, note: `PID ${id} of a container is PID ${only.pid} (${only.comm}) here` };
}

function resolveName(name: string): Resolution {
  const candidates = listProcesses().filter((row) => hasName(row, name));
  const [only] = candidates;
  if (only === undefined) return kernelThreadNamed(name) ?? noSuchName(name);
  if (candidates.length > 1) return { kind: 'several', candidates };
  return { kind: 'found', pid: only.pid, note: `'${cleanText(name)}' is PID ${only.pid} (${only.commandLine})` };
}

/** By the kernel's name, which is cut to 15 bytes, or by the file name of the command. */
function hasName({ comm, commandLine }: ProcessRow, name: string): boolean {
  return comm === name || commandLine.split(' ')[0]?.split('/').at(-1) === name;
}

function kernelThreadNamed(name: string): UnresolvedTarget | undefined {
  for (const pid of listPids()) {
    const stat = readProcessStat(`/proc/${pid}`);
    if ('value' in stat && stat.value.kernelThread && stat.value.comm === name) return kernelThread(pid, name);
  }
  return undefined;
}
