import { type KernelEntries, openKernelEntries } from '../collect/kernel-entries.ts';
import type { EntryTotals, FastReadWitness, HostFacts, Reading, TargetFacts } from '../model.ts';
import { createWitness, type Witness } from './witness.ts';

export interface CounterOptions {
  readonly counter: 'auto' | 'bpf' | 'perf';
  /** Count the descendants of the target too. */
  readonly children: boolean;
}

/** What is attached to the target: the counter of its kernel entries and the witness of its vDSO calls. */
export interface Counters {
  attach(target: TargetFacts, host: HostFacts): void;
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
    counter = openKernelEntries(identityOf(target), { method, children });
  };
  const openWitness = (target: TargetFacts, host: HostFacts) => {
    witness = createWitness(target, host, children);
    witness.start();
  };

  return {
    attach(target, host) {
      openCounter(target);
      openWitness(target, host);
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
