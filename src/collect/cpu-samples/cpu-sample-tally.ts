import type { CpuSamples, CpuSampleThread } from '../../model/cpu-samples.ts';
import type { CpuSample } from './cpu-sample-rings.ts';
import type { IsKernelClock } from './kernel-clock-functions.ts';
import { createRowsInTime } from './rows-in-time.ts';
import type { VdsoCode } from './vdso-code.ts';

interface Counts extends Pick<CpuSamples, 'vdsoSymbols' | 'weights'> {
  /** Of this moment whenever it is asked; threads that have not changed since an earlier one are the same objects. */
  readonly threads: () => readonly CpuSampleThread[];
}

/** Adds up samples by what was running; cumulative, and for at most so many threads that came and went. */
export interface CpuSampleTally {
  /** `weightNs`: the CPU time that each of them stands for. */
  add(samples: readonly CpuSample<VdsoCode>[], weightNs: number, isKernelClock: IsKernelClock): void;
  counts(): Counts;
  /** Nothing was added yet. */
  isEmpty(): boolean;
}

/** Threads beyond this are summed under the id 0. */
const mostThreads = 4_096;

interface Thread {
  readonly index: number;
  readonly tid: number;
  samples: number;
  vdso: number;
  kernelClock: number;
  kernel: number;
}

export function createCpuSampleTally(): CpuSampleTally {
  const threads = new Map<number, Thread>();
  /** Since the last counts. */
  const changed = new Set<Thread>();
  const table = createRowsInTime<CpuSampleThread>();
  const symbols = new Map<string, number>();
  const weights = { all: 0, vdso: 0, kernelClock: 0, kernel: 0, squares: 0 };

  const threadOf = (tid: number) => {
    const key = threads.has(tid) || threads.size < mostThreads ? tid : 0;
    const known = threads.get(key);
    const thread = known ?? { index: threads.size, tid: key, samples: 0, vdso: 0, kernelClock: 0, kernel: 0 };
    threads.set(key, thread);
    changed.add(thread);
    return thread;
  };

  return {
    add(samples, weightNs, isKernelClock) {
      for (const { ip, tid, mode, code } of samples) {
        const thread = threadOf(tid);
        const symbol = mode === 'user' && code?.isEntry(ip) === false ? code.nameAt(ip) : undefined;
        const parts = partsOf(mode, symbol, mode === 'kernel' && isKernelClock(ip));
        thread.samples += 1;
        weights.all += weightNs;
        weights.squares += weightNs ** 2;
        for (const part of parts) {
          thread[part] += 1;
          weights[part] += weightNs;
        }
        if (symbol !== undefined) symbols.set(symbol, (symbols.get(symbol) ?? 0) + 1);
      }
    },
    counts() {
      for (const { index, ...row } of changed) table.set(index, row);
      changed.clear();
      return { threads: table.now(), vdsoSymbols: Object.fromEntries(symbols), weights: { ...weights } };
    },
    isEmpty: () => threads.size === 0,
  };
}

function partsOf(mode: CpuSample<VdsoCode>['mode'], symbol: string | undefined, clock: boolean) {
  if (symbol !== undefined) return ['vdso'] as const;
  if (mode !== 'kernel') return [] as const;
  return clock ? (['kernel', 'kernelClock'] as const) : (['kernel'] as const);
}
