import { type BreakpointPrice, priceBreakpoint } from '../collect/calls/breakpoint-price.ts';
import { notPriced } from '../collect/calls/not-priced.ts';
import type { RawCallSample } from '../collect/calls/raw-call-sample.ts';
import { type KernelEntries, openKernelEntries } from '../collect/entries/kernel-entries.ts';
import { mapReading } from '../collect/reading.ts';
import type { ProcessTree } from '../collect/tree/process-tree.ts';
import type { TreeMembers } from '../collect/tree/tree-members.ts';
import type { CallSites } from '../model/call-sites.ts';
import type { EntryTotals } from '../model/entries.ts';
import type { FastReadWitness, FastWindow } from '../model/fast-reads.ts';
import type { HostFacts } from '../model/host.ts';
import type { Reading, Unavailable } from '../model/reading.ts';
import type { TargetFacts } from '../model/target.ts';
import { type CallWatch, createCallWatch } from './call-watch.ts';
import { createTreeCallWatch } from './tree-call-watch.ts';
import { createUnspentShare } from './unspent-share.ts';

export interface CounterOptions {
  readonly counter: 'auto' | 'bpf' | 'perf';
  /** Count the descendants of the target too. */
  readonly children: boolean;
  /**
   * Share of one core that the probes of vDSO calls may take from the target, three fifths of it for breakpoints; 0 opens neither
   * them nor the CPU sampling. 0.003 where it is absent.
   */
  readonly fastCallsBudget?: number;
}

const defaultFastCallsBudget = 0.003;
/**
 * CPU sampling has a third, and what breakpoints leave: of a caller in a hot loop they see nothing but themselves, and take a
 * fifth of theirs. The rest is for what both cost and cannot be priced (arming, registers at every switch).
 */
const partForBreakpoints = 3 / 5;

/** What is attached to the target: the counter of its kernel entries and the samples of its clock reads. */
export interface Counters {
  /** `soonExec`: the target is the shell that a command is about to replace, and its vDSO calls are nobody's. */
  attach(target: TargetFacts, host: HostFacts, soonExec: boolean): void;
  /** After an exec the vDSO lies elsewhere, and a program of another word size needs another counter, or has none. */
  reattach(before: TargetFacts, after: TargetFacts, host: HostFacts): void;
  detach(): void;
  counting(): boolean;
  /** Counts one more process of the tree. */
  watch(pid: number): void;
  entries(): Reading<EntryTotals>;
  fastReads(): Reading<FastReadWitness>;
  /** Windows of breakpoints that ended since last asked. */
  takeFastWindows(): readonly FastWindow[];
  /** The same of those that only counted. */
  takeFastCounts(): readonly FastWindow[];
  /** `last`: as CallWatch has it. */
  callSites(last?: boolean): Reading<CallSites>;
  priceOfHits(): BreakpointPrice;
  /** Takes in calls that another probe caught in the vDSO, because no breakpoint does. */
  addCalls(calls: readonly RawCallSample[]): void;
  /** Time that breakpoints have taken from the target's threads since the first was set, nanoseconds. */
  breakpointsNs(): number;
  /** Part of one core that they were allowed of late and did not take. */
  unspentByBreakpoints(): number;
}

const notAttached = { unavailable: 'absent', detail: 'counters are not attached yet' } as const;

export function createCounters(options: CounterOptions, tree: ProcessTree, members: TreeMembers): Counters {
  const { counter: method, children, fastCallsBudget = defaultFastCallsBudget } = options;
  const budget = fastCallsBudget * partForBreakpoints;
  let counter: KernelEntries | undefined;
  let openings = 0;
  let latest: Reading<EntryTotals> = notAttached;
  let watch: CallWatch | undefined;
  let hitPrice: BreakpointPrice | undefined;
  let spentBefore = 0;
  const breakpointsNs = () => spentBefore + (watch?.spentNs() ?? 0);
  const unspent = createUnspentShare(budget, breakpointsNs);
  let ended: ReturnType<typeof lastOf> = { fastReads: notAttached, callSites: notAttached };

  const readCounter = () =>
    counter === undefined ? notAttached : mapReading(counter.read(), (totals) => ({ ...totals, opening: openings }));
  const openCounter = (target: TargetFacts) => {
    counter =
      'unavailable' in target.bits ? blindTo(target.bits) : openKernelEntries(identityOf(target), { method, children });
    openings += 1;
    latest = readCounter();
  };
  const openWatch = (target: TargetFacts, host: HostFacts) => {
    if (budget > 0) hitPrice ??= priceBreakpoint(host.ownVdso);
    const breakpoints = { budget, hitPrice: hitPrice ?? notPriced };
    watch = children
      ? createTreeCallWatch(target.pid, tree, members, { ...breakpoints, ownVdso: host.ownVdso })
      : createCallWatch(target, host, breakpoints);
    watch.start();
  };
  const closeWatch = () => {
    spentBefore += watch?.spentNs() ?? 0;
    watch?.close();
    watch = undefined;
  };
  /** What entered tells where to look. */
  const readEntries = () => {
    latest = readCounter();
    watch?.follow(latest);
    return latest;
  };

  return {
    attach(target, host, soonExec) {
      openCounter(target);
      if (!soonExec) openWatch(target, host);
    },
    reattach(before, after, host) {
      // A program that is executed with other rights takes the perf counters away, and leaves what they had counted
      // (fs/exec.c, begin_new_exec: perf_event_exit_task).
      if (changedWordSize(before, after) || countsBy(latest) === 'perf') {
        counter?.close();
        openCounter(after);
      }
      closeWatch();
      openWatch(after, host);
    },
    detach() {
      counter?.close();
      ended = watch === undefined ? ended : lastOf(watch);
      closeWatch();
    },
    counting: () => 'value' in latest,
    watch: (child) => counter?.watch(child),
    entries: readEntries,
    fastReads: () => watch?.fastReads() ?? ended.fastReads,
    takeFastWindows: () => watch?.takeFastWindows() ?? [],
    takeFastCounts: () => watch?.takeFastCounts() ?? [],
    callSites: (last) => watch?.callSites(last) ?? ended.callSites,
    priceOfHits: () => hitPrice ?? notPriced,
    addCalls: (calls) => watch?.add(calls),
    breakpointsNs,
    unspentByBreakpoints: () => unspent(),
  };
}

function countsBy(reading: Reading<EntryTotals>) {
  return 'value' in reading ? reading.value.method : undefined;
}

/** What stands when the target has ended. */
function lastOf(watch: CallWatch): {
  readonly fastReads: Reading<FastReadWitness>;
  readonly callSites: Reading<CallSites>;
} {
  return { fastReads: watch.fastReads(), callSites: watch.callSites(true) };
}

/** A count of zero proves nothing of a process that may be a 32-bit one, for which the tracepoints do not fire. */
function blindTo(bits: Unavailable): KernelEntries {
  if (bits.unavailable === 'unsupported') return { read: () => bits, watch() {}, close() {} };
  const detail = `${bits.detail}; without that it is not known whether the target is a 32-bit process, whose entries other counters see`;
  const reading = { ...bits, detail };
  return { read: () => reading, watch() {}, close() {} };
}

/**
 * Tracepoints do not fire for 32-bit programs, so a counter opened for the other kind would answer a false 0; that of x32, or
 * of a size that cannot be seen, counts nothing and says why.
 */
function changedWordSize(before: TargetFacts, after: TargetFacts): boolean {
  return wordSizeOf(before) !== wordSizeOf(after);
}

function wordSizeOf({ bits }: TargetFacts): number | string {
  return 'value' in bits ? bits.value : bits.unavailable;
}

function identityOf(target: TargetFacts) {
  return {
    pid: target.pid,
    ...('value' in target.namespacePid && { namespacePid: target.namespacePid.value }),
    ...('value' in target.bits && { bits: target.bits.value }),
  };
}
