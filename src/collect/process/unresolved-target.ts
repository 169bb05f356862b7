import { cleanText } from '../clean-text.ts';
import { ownPid } from './own-pid.ts';
import { readInInitialPidNamespace } from './pid-namespace.ts';
import { type ProcessStat, readProcessStat } from './process-stat.ts';

/** Nothing that can be watched. */
export interface UnresolvedTarget {
  readonly kind: 'error';
  readonly problem: ResolveProblem;
  /** One line: what, why, what to do. */
  readonly message: string;
  /** 2 usage, 3 no such or ended process, 4 permission, 5 unsupported. */
  readonly exitCode: 2 | 3 | 4 | 5;
}

export type ResolveProblem = keyof typeof exitCodes;

const exitCodes = {
  'nothing-given': 2,
  'not-positive': 2,
  'own-process': 2,
  'no-such-process': 3,
  'no-such-name': 3,
  zombie: 3,
  hidden: 4,
  'kernel-thread': 5,
} as const;

const pickOne = "run 'vdsotop' without -p to pick one";

function unresolved(problem: ResolveProblem, what: string): UnresolvedTarget {
  return { kind: 'error', problem, message: `${what}; ${pickOne}`, exitCode: exitCodes[problem] };
}

export function nothingGiven(): UnresolvedTarget {
  return unresolved('nothing-given', 'no target given: -p takes a PID, a thread id or the name of a process');
}

export function notPositive(id: number): UnresolvedTarget {
  return unresolved('not-positive', `PID ${id} is not a process: PIDs are greater than 0`);
}

export function ownProcess(pid: number): UnresolvedTarget {
  return unresolved('own-process', `PID ${pid} is vdsotop itself, whose clock reads are its own measuring`);
}

export function kernelThread(pid: number, comm: string): UnresolvedTarget {
  return unresolved('kernel-thread', `PID ${pid} (${comm}) is a kernel thread: it has no user space and no vDSO`);
}

export function zombie(pid: number, { comm, parentPid }: ProcessStat): UnresolvedTarget {
  const parent = readProcessStat(`/proc/${parentPid}`);
  const name = 'value' in parent ? ` (${parent.value.comm})` : '';
  const what = `PID ${pid} (${comm}) is a zombie: it has ended and waits for its parent ${parentPid}${name} to notice`;
  return unresolved('zombie', what);
}

/** For a pid that /proc does not show: ended, or another user's and hidden. */
export function noSuchProcess(pid: number): UnresolvedTarget {
  if (isHidden(pid)) {
    const what = `PID ${pid} is hidden from this user (/proc is mounted with hidepid): run 'sudo vdsotop -p ${pid}'`;
    return { kind: 'error', problem: 'hidden', message: what, exitCode: exitCodes.hidden };
  }
  const namespace = readInInitialPidNamespace();
  const where = 'value' in namespace && !namespace.value ? ' in this container, which cannot see those outside it' : '';
  return unresolved('no-such-process', `no process has PID ${pid}${where}: it may have ended`);
}

export function noSuchName(name: string): UnresolvedTarget {
  return unresolved('no-such-name', `'${cleanText(name)}' is neither a PID nor the name of a process`);
}

/** Signal 0 sends nothing, and knows a process that hidepid keeps out of our /proc. */
function isHidden(pid: number): boolean {
  if (ownPid() !== process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
