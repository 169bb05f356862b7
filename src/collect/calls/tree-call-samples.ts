import type { EntryTotals } from '../../model/entries.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { mapReading } from '../reading.ts';
import type { ProcessTree } from '../tree/process-tree.ts';
import type { TreeMember, TreeMembers } from '../tree/tree-members.ts';
import { createEnteringInTurn } from './entering-threads.ts';
import { createKernelWindows, type KernelWindows } from './kernel-windows.ts';
import type { RawCallSample } from './raw-call-sample.ts';

/** A call, and the process that made it, running the program it was known to run before the call was caught. */
export interface MemberCall {
  readonly sample: RawCallSample;
  readonly member: TreeMember;
}

/** Catches a few clock reads of the processes of a tree, where they enter the kernel. */
export interface TreeCallSamples {
  follow(entries: Reading<EntryTotals>): void;
  /** Calls to be resolved since last asked, of processes whose program is known. */
  takeSamples(): readonly MemberCall[];
  /** Records that the kernel dropped, or of threads whose program was not known. */
  lost(): number;
  failure(): Unavailable | undefined;
  close(): void;
}

/** What is not asked for is not kept for ever. */
const mostKept = 4_096;

export function createTreeCallSamples(pid: number, tree: ProcessTree, members: TreeMembers): TreeCallSamples {
  let samples: readonly MemberCall[] = [];
  let lost = 0;

  const bitsOf = (tid: number) => {
    const bits = members.ofThread(tid)?.facts.bits;
    return bits !== undefined && 'value' in bits ? bits.value : undefined;
  };
  const keep = (bits: 32 | 64, caught: readonly RawCallSample[], dropped: number, armedAtMs: number) => {
    const known = caught.flatMap((sample): readonly MemberCall[] => {
      const member = members.ofThread(sample.tid, 'now');
      // Of the other word size the same number is another call.
      return member === undefined || member.sinceMs > armedAtMs || sample.bits !== bits ? [] : [{ sample, member }];
    });
    lost += dropped + caught.length - known.length;
    samples = [...samples, ...known].slice(-mostKept);
  };
  const sideOf = (bits: 32 | 64): KernelWindows =>
    createKernelWindows({
      pid,
      bits,
      threads: () => tree.threads().filter((tid) => bitsOf(tid) === bits),
      processOf: tree.processOf,
      choose: createEnteringInTurn(),
      onRound: (caught, dropped, armedAtMs) => keep(bits, caught, dropped, armedAtMs),
    });
  const sides = ([64, 32] as const).map((bits) => ({ bits, windows: sideOf(bits) }));

  return {
    follow(entries) {
      for (const { bits, windows } of sides) {
        if (members.all().some(({ facts }) => 'value' in facts.bits && facts.bits.value === bits))
          windows.follow(mapReading(entries, (totals) => ofThreads(totals, (tid) => bitsOf(tid) === bits)));
      }
    },
    takeSamples() {
      const taken = samples;
      samples = [];
      return taken;
    },
    lost: () => lost,
    failure: () => sides.map(({ windows }) => windows.failure()).find((reason) => reason !== undefined),
    close() {
      for (const { windows } of sides) windows.close();
    },
  };
}

/** What only some threads entered for; totals that are laid to no thread stay as they are. */
function ofThreads(totals: EntryTotals, belongs: (tid: number) => boolean): EntryTotals {
  if (totals.threads.length === 0) return totals;
  const threads = totals.threads.filter(({ tid }) => belongs(tid));
  return { ...totals, threads, counts: threads.length === 0 ? [] : totals.counts };
}
