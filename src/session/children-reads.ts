import { priceBreakpoint } from '../collect/calls/breakpoint-price.ts';
import { openKernelEntries } from '../collect/entries/kernel-entries.ts';
import { listChildren } from '../collect/process/list-children.ts';
import { readProcessStat } from '../collect/process/process-stat.ts';
import { collectTarget } from '../collect/process/target.ts';
import type { HostFacts } from '../model/host.ts';
import type { ChildProcess, TargetFacts } from '../model/target.ts';
import { type CallWatch, createCallWatch } from './call-watch.ts';

/** A look at the children begins when the target has been idle for so long; both fit into a report of two seconds. */
const idleMs = 300;
const lookMs = 1_000;
/** Children looked at: each costs a tracepoint program or a breakpoint for a moment, and a list is not read further. */
const most = 8;

/** Share of one core that breakpoints may take from each child during the look. */
const budgetEach = 0.0005;

type Children = TargetFacts['children'];

/** Finds out whether the children of a target that reads no clock do: in a prefork server the work is theirs. */
export interface ChildrenReads {
  /** All children, with the reads seen of those that were looked at, once there was a look. To be called every tick. */
  follow(target: TargetFacts, host: HostFacts, idleForMs: number): Children;
  /** The same once the target has ended, which ends a look that goes on; what was seen of them stands. */
  last(target: TargetFacts): Children;
  close(): void;
}

interface Look {
  readonly beganMs: number;
  readonly eyes: readonly Eye[];
  /** There too when it began, and not looked at. */
  readonly others: readonly ChildProcess[];
}

/** What watches one child during a look. */
interface Eye {
  readonly pid: number;
  readonly comm: string;
  readonly entries: ReturnType<typeof openKernelEntries>;
  readonly watch: CallWatch;
}

export function createChildrenReads(pid: number): ChildrenReads {
  let look: Look | undefined;
  let seen: Children | undefined;

  const finish = (ended: Look) => {
    const all = ended.eyes.length + ended.others.length;
    const seconds = Math.min(performance.now() - ended.beganMs, lookMs) / 1_000;
    const source = `a look at ${ended.eyes.length} of ${all} children for ${Number(seconds.toFixed(1))} s`;
    seen = { value: [...ended.eyes.map(resultOf), ...ended.others], source };
    look = undefined;
  };

  return {
    follow(target, host, idleForMs) {
      if (look !== undefined && performance.now() - look.beganMs >= lookMs) finish(look);
      if (look === undefined && seen === undefined && idleForMs >= idleMs) {
        const children = listChildren(pid);
        if (children.length > 0) look = openLook(children, host);
      }
      return seen ?? target.children;
    },
    last(target) {
      if (look !== undefined) finish(look);
      return seen ?? target.children;
    },
    close() {
      for (const eye of look?.eyes ?? []) closeEye(eye);
      look = undefined;
    },
  };
}

function openLook(children: readonly number[], host: HostFacts): Look {
  return {
    beganMs: performance.now(),
    eyes: children.slice(0, most).map((child) => openEye(child, host)),
    others: children.slice(most).flatMap(nameChild),
  };
}

/** Nothing where it ended meanwhile. */
function nameChild(pid: number): readonly ChildProcess[] {
  const stat = readProcessStat(`/proc/${pid}`);
  return 'value' in stat ? [{ pid, comm: stat.value.comm }] : [];
}

function openEye(pid: number, host: HostFacts): Eye {
  const facts = collectTarget(pid);
  const watch = createCallWatch(facts, host, { budget: budgetEach, hitPrice: priceBreakpoint(host.ownVdso) });
  watch.start();
  const comm = 'value' in facts.comm ? facts.comm.value : '';
  return {
    pid,
    comm,
    watch,
    entries: openKernelEntries({ pid, ...('value' in facts.bits && { bits: facts.bits.value }) }),
  };
}

function resultOf(eye: Eye) {
  const entries = eye.entries.read();
  const fast = eye.watch.fastReads();
  closeEye(eye);
  const counted = 'value' in entries ? entries.value.counts : [];
  const witnessed = 'value' in fast ? fast.value.hits : [];
  const readsSeen = [...counted, ...witnessed].reduce((sum, { count }) => sum + count, 0);
  return { pid: eye.pid, comm: eye.comm, ...(('value' in entries || 'value' in fast) && { readsSeen }) };
}

function closeEye(eye: Eye): void {
  eye.entries.close();
  eye.watch.close();
}
