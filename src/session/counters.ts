import { type KernelEntries, openKernelEntries } from '../collect/kernel-entries.ts';
import type { EntryTotals, FastReadWitness, HostFacts, Reading, TargetFacts, Unavailable } from '../model.ts';
import { createWitness, type Witness } from './witness.ts';

export interface CounterOptions {
  readonly counter: 'auto' | 'bpf' | 'perf';
  /** Count the descendants of the target too. */
  readonly children: boolean;
}

/** What is attached to the target: the counter of its kernel entries and the witness of its vDSO calls. */
export interface Counters {
  /** `soonExec`: the target is the shell that a command is about to replace, and its vDSO calls are nobody's. */
  attach(target: TargetFacts, host: HostFacts, soonExec: boolean): void;
  /** After an exec the vDSO lies elsewhere, and a program of the other word size needs another counter. */
  reattach(before: TargetFacts, after: TargetFacts, host: HostFacts): void;
  detach(): void;
  counting(): boolean;
  /** Counts one more process of the tree. */
  watch(pid: number): void;
  entries(): Reading<EntryTotals>;
  fastReads(): Reading<FastReadWitness>;
}

const notAttached = { unavailable: 'absent', detail: 'counters are not attached yet' } as const;

export function createCounters({ counter: method, children }: CounterOptions): Counters {
  let counter: KernelEntries | undefined;
  let witness: Witness | undefined;

  const openCounter = (target: TargetFacts) => {
    counter =
      'unavailable' in target.bits ? blindTo(target.bits) : openKernelEntries(identityOf(target), { method, children });
  };
  const openWitness = (target: TargetFacts, host: HostFacts) => {
    witness = createWitness(target, host, children);
    witness.start();
  };

  return {
    attach(target, host, soonExec) {
      openCounter(target);
      if (!soonExec) openWitness(target, host);
    },
    reattach(before, after, host) {
      if (changedWordSize(before, after)) {
        counter?.close();
        openCounter(after);
      }
      witness?.close();
      openWitness(after, host);
    },
    detach() {
      counter?.close();
      witness?.close();
    },
    counting: () => counter !== undefined && 'value' in counter.read(),
    watch: (pid) => counter?.watch(pid),
    entries: () => counter?.read() ?? notAttached,
    fastReads: () => witness?.read() ?? notAttached,
  };
}

/** A count of zero proves nothing of a process that may be a 32-bit one, for which the tracepoints do not fire. */
function blindTo(bits: Unavailable): KernelEntries {
  const detail = `whether the target is a 32-bit process, whose entries cannot be counted, is not known (${bits.detail})`;
  const reading = { ...bits, detail };
  return { read: () => reading, watch() {}, close() {} };
}

/** Tracepoints do not fire for 32-bit programs, so a counter opened for the other kind would answer a false 0. */
function changedWordSize(before: TargetFacts, after: TargetFacts): boolean {
  return 'value' in before.bits && 'value' in after.bits && before.bits.value !== after.bits.value;
}

function identityOf(target: TargetFacts) {
  return {
    pid: target.pid,
    ...('value' in target.namespacePid && { namespacePid: target.namespacePid.value }),
    ...('value' in target.bits && { bits: target.bits.value }),
  };
}
