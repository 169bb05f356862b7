import type { EntryTotals } from '../../model/entries.ts';
import type { FastReadWitness, FastWindow } from '../../model/fast-reads.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import type { ProcessTree } from '../tree/process-tree.ts';
import type { TreeMember, TreeMembers } from '../tree/tree-members.ts';
import { createEnteringInTurn } from './entering-threads.ts';
import { createKernelWindows, type KernelWindows } from './kernel-windows.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { createTreeVdsoWindows, type TreeBreakpoints } from './tree-vdso-windows.ts';

/** A call, and the process that made it, running the program it was known to run before the call was caught. */
export interface MemberCall {
  readonly sample: RawCallSample;
  readonly member: TreeMember;
}

/** Catches a few clock reads of the processes of a tree, where they enter the kernel and the vDSO. */
export interface TreeCallSamples {
  start(): void;
  follow(entries: Reading<EntryTotals>): void;
  /** As in CallSamples. */
  read(): Reading<FastReadWitness>;
  takeWindows(): readonly FastWindow[];
  takeCounts(): readonly FastWindow[];
  spentNs(): number;
  /** Calls to be resolved since last asked, of processes whose program is known. */
  takeSamples(): readonly MemberCall[];
  /** Records that the kernel dropped, or of threads whose program was not known. */
  lost(): number;
  failure(side: RawCallSample['side']): Unavailable | undefined;
  close(): void;
}

/** What is not asked for is not kept for ever. */
const mostKept = 4_096;

export function createTreeCallSamples(
  pid: number,
  tree: ProcessTree,
  members: TreeMembers,
  breakpoints: TreeBreakpoints,
): TreeCallSamples {
  let samples: readonly MemberCall[] = [];
  let lost = 0;

  const bitsOf = (tid: number) => {
    const bits = members.ofThread(tid)?.facts.bits;
    return bits !== undefined && 'value' in bits ? bits.value : undefined;
  };
  /** `isOf`: of another word size the same number is another call. */
  const keep = (
    isOf: (sample: RawCallSample) => boolean,
    caught: readonly RawCallSample[],
    dropped: number,
    armedAtMs: number,
  ) => {
    const known = caught.flatMap((sample): readonly MemberCall[] => {
      const member = members.ofThread(sample.tid, 'now');
      return member === undefined || member.sinceMs > armedAtMs || !isOf(sample) ? [] : [{ sample, member }];
    });
    lost += dropped + caught.length - known.length;
    samples = [...samples, ...known].slice(-mostKept);
  };
  const sideOf = (bits: 32 | 64): KernelWindows =>
    createKernelWindows({
      pid,
      bits,
      threads: () => tree.threads().filter((tid) => bitsOf(tid) === bits),
      isOf: (tid) => bitsOf(tid) === bits,
      processOf: tree.processOf,
      choose: createEnteringInTurn(),
      onRound: (caught, dropped, armedAtMs) => keep((sample) => sample.bits === bits, caught, dropped, armedAtMs),
    });
  const fast = createTreeVdsoWindows(pid, tree, members, breakpoints, (caught, dropped, armedAtMs) =>
    keep(() => true, caught, dropped, armedAtMs),
  );
  const sides = ([64, 32] as const).map((bits) => ({ bits, windows: sideOf(bits) }));

  return {
    start: fast.start,
    read: fast.read,
    takeWindows: fast.takeWindows,
    takeCounts: fast.takeCounts,
    spentNs: fast.spentNs,
    follow(entries) {
      for (const { bits, windows } of sides) {
        if (members.all().some(({ facts }) => 'value' in facts.bits && facts.bits.value === bits))
          windows.follow(entries);
      }
    },
    takeSamples() {
      const taken = samples;
      samples = [];
      return taken;
    },
    lost: () => lost,
    failure(side) {
      if (side === 'kernel')
        return sides.map(({ windows }) => windows.failure()).find((reason) => reason !== undefined);
      const reading = fast.read();
      return 'unavailable' in reading ? reading : undefined;
    },
    close() {
      fast.close();
      for (const { windows } of sides) windows.close();
    },
  };
}
