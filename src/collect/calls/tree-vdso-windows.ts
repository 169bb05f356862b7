import type { FastReadWitness, FastWindow } from '../../model/fast-reads.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { keepNewest } from '../keep-newest.ts';
import { unavailable } from '../reading.ts';
import { createAskedMembers } from '../tree/asked-members.ts';
import type { ProcessTree } from '../tree/process-tree.ts';
import type { TreeMember, TreeMembers } from '../tree/tree-members.ts';
import { areBreakpointsDeaf } from './are-breakpoints-deaf.ts';
import type { BreakpointPrice } from './breakpoint-price.ts';
import { priceOfHits } from './price-of-hits.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { debugRegisters } from './vdso-breakpoints.ts';
import { type VdsoPlan, vdsoPlan } from './vdso-plan.ts';
import { vdsoToWatch } from './vdso-to-watch.ts';
import { createVdsoWindows } from './vdso-windows.ts';

export interface TreeBreakpoints {
  /** Share of one core that they may take from all processes together; 0 opens none. */
  readonly budget: number;
  readonly hitPrice: BreakpointPrice;
  readonly ownVdso: Reading<VdsoImage>;
}

/** Breakpoints on the vDSO functions of a few threads of a tree, each where its own process maps them. */
export interface TreeVdsoWindows {
  start(): void;
  read(): Reading<FastReadWitness>;
  /** Windows that ended since last asked. */
  takeWindows(): readonly FastWindow[];
  /** The same of those that only counted. */
  takeCounts(): readonly FastWindow[];
  spentNs(): number;
  close(): void;
}

/** What is not asked for is not kept for ever. */
const mostKept = 4_096;
/** Programs whose plan is remembered. */
const mostPlans = 64;

/** `keep` takes in the calls of a round, the records that were lost, and when it began. */
export function createTreeVdsoWindows(
  pid: number,
  tree: ProcessTree,
  members: TreeMembers,
  { budget, hitPrice, ownVdso }: TreeBreakpoints,
  keep: (calls: readonly RawCallSample[], lost: number, armedAtMs: number) => void,
): TreeVdsoWindows {
  if (budget <= 0) return none(unavailable('absent', 'vDSO calls are not looked at: the budget for it is 0'));
  const deaf = areBreakpointsDeaf(hitPrice);
  if (deaf !== undefined) return none(deaf);
  const plans = new Map<string, VdsoPlan | undefined>();
  const asked = createAskedMembers(members);
  let ended: readonly FastWindow[] = [];
  let counts: readonly FastWindow[] = [];

  const planOfMember = ({ image: { key }, facts }: TreeMember): VdsoPlan | undefined => {
    if (plans.has(key)) return plans.get(key);
    const plan = vdsoPlan(vdsoToWatch(facts, ownVdso));
    plans.set(key, plan);
    keepNewest(plans, mostPlans);
    return plan;
  };
  const hasPlan = (tid: number) => {
    const member = members.ofThread(tid);
    return member !== undefined && planOfMember(member) !== undefined;
  };
  const windows = createVdsoWindows({
    pid,
    budget,
    hitPrice: priceOfHits(hitPrice),
    events: debugRegisters,
    planOf(tid) {
      const member = asked.of(tid);
      return member && planOfMember(member);
    },
    threads: () => tree.threads().filter(hasPlan),
    processes: { processOf: tree.processOf, stillRuns: asked.stillRuns },
    onCounts(seen, calls, lost, armedAtMs) {
      counts = [...counts, ...seen].slice(-mostKept);
      keep(calls, lost, armedAtMs);
    },
    onRound(seen, calls, lost, armedAtMs) {
      ended = [...ended, ...seen].slice(-mostKept);
      keep(calls, lost, armedAtMs);
    },
  });
  return {
    start: windows.start,
    read: windows.read,
    takeWindows() {
      const taken = ended;
      ended = [];
      return taken;
    },
    takeCounts() {
      const taken = counts;
      counts = [];
      return taken;
    },
    spentNs: windows.spentNs,
    close: windows.close,
  };
}

function none(reason: Unavailable): TreeVdsoWindows {
  return { start() {}, read: () => reason, takeWindows: () => [], takeCounts: () => [], spentNs: () => 0, close() {} };
}
