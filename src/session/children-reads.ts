import { priceBreakpoint } from '../collect/calls/breakpoint-price.ts';
import { notPriced } from '../collect/calls/not-priced.ts';
import { openKernelEntries } from '../collect/entries/kernel-entries.ts';
import { listChildren } from '../collect/process/list-children.ts';
import { readProcessStat } from '../collect/process/process-stat.ts';
import { collectTarget } from '../collect/process/target.ts';
import type { EntryTotals } from '../model/entries.ts';
import type { FastReadWitness, FastWindow } from '../model/fast-reads.ts';
import type { HostFacts } from '../model/host.ts';
import type { Reading } from '../model/reading.ts';
import type { ChildProcess, TargetFacts } from '../model/target.ts';
import { type CallWatch, type CallWatchOptions, createCallWatch } from './call-watch.ts';
import type { CounterOptions } from './counters.ts';

/** A look at the children begins when the target has been idle for so long; both fit into a report of two seconds. */
const idleMs = 300;
const lookMs = 1_000;
/** Children looked at: each costs a tracepoint program or a breakpoint for a moment, and a list is not read further. */
const most = 8;

/** Share of one core that breakpoints may take from each child during the look; less where the target may be taken less. */
const budgetEach = 0.0005;

/** What was asked for the target holds for its children. */
export type ChildrenReadsOptions = Pick<CounterOptions, 'counter' | 'fastCallsBudget'>;

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

export function createChildrenReads(pid: number, options: ChildrenReadsOptions): ChildrenReads {
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
        if (children.length > 0) look = openLook(children, host, options);
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

function openLook(
  children: readonly number[],
  host: HostFacts,
  { counter, fastCallsBudget = budgetEach }: ChildrenReadsOptions,
): Look {
  const budget = Math.min(budgetEach, fastCallsBudget);
  const breakpoints = { budget, hitPrice: budget > 0 ? priceBreakpoint(host.ownVdso) : notPriced };
  return {
    beganMs: performance.now(),
    eyes: children.slice(0, most).map((child) => openEye(child, host, counter, breakpoints)),
    others: children.slice(most).flatMap(nameChild),
  };
}

/** Nothing where it ended meanwhile. */
function nameChild(pid: number): readonly ChildProcess[] {
  const stat = readProcessStat(`/proc/${pid}`);
  return 'value' in stat ? [{ pid, comm: stat.value.comm }] : [];
}

function openEye(pid: number, host: HostFacts, method: CounterOptions['counter'], breakpoints: CallWatchOptions): Eye {
  const facts = collectTarget(pid);
  const watch = createCallWatch(facts, host, breakpoints);
  watch.start();
  const comm = 'value' in facts.comm ? facts.comm.value : '';
  const entries = openKernelEntries({ pid, ...('value' in facts.bits && { bits: facts.bits.value }) }, { method });
  return { pid, comm, watch, entries };
}

function resultOf(eye: Eye): ChildProcess {
  const readsSeen = readsSeenBy(eye.entries.read(), eye.watch.fastReads(), eye.watch.takeFastCounts());
  closeEye(eye);
  return { pid: eye.pid, comm: eye.comm, ...(readsSeen !== undefined && { readsSeen }) };
}

/** Undefined where nothing was seen with one eye shut: a child may read a million times a second past the open one. */
function readsSeenBy(
  entries: Reading<EntryTotals>,
  fast: Reading<FastReadWitness>,
  counts: readonly FastWindow[],
): number | undefined {
  const counted = 'value' in entries ? entries.value.counts : [];
  const witnessed = 'value' in fast ? fast.value.hits : [];
  const called = counts.flatMap(({ functions }) => functions.flatMap(({ hits }) => hits));
  const sum = [...counted, ...witnessed, ...called].reduce((all, { count }) => all + count, 0);
  return sum > 0 || ('value' in entries && seesTime(fast)) ? sum : undefined;
}

/** Not where another holds the debug registers that a function needs which tells the time. */
function seesTime(fast: Reading<FastReadWitness>): boolean {
  return 'value' in fast && (fast.value.refused ?? []).every(({ fn }) => fn === 'getcpu');
}

function closeEye(eye: Eye): void {
  eye.entries.close();
  eye.watch.close();
}
