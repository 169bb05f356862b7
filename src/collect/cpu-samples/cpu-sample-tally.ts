import type { CpuSamples } from '../../model/cpu-samples.ts';
import type { CpuSample } from './cpu-sample-rings.ts';
import type { IsKernelClock } from './kernel-clock-functions.ts';
import type { VdsoCode } from './vdso-code.ts';

type Counts = Pick<CpuSamples, 'threads' | 'vdsoSymbols' | 'weights'>;

/** Adds up samples by what was running; cumulative, and for at most so many threads that came and went. */
export interface CpuSampleTally {
  /** `weightNs`: the CPU time that each of them stands for. */
  add(samples: readonly CpuSample<VdsoCode>[], weightNs: number, isKernelClock: IsKernelClock): void;
  counts(): Counts;
}

/** Threads beyond this are summed under the id 0. */
const mostThreads = 4_096;

export function createCpuSampleTally(): CpuSampleTally {
  const threads = new Map<
    number,
    { tid: number; samples: number; vdso: number; kernelClock: number; kernel: number }
  >();
  const symbols = new Map<string, number>();
  const weights = { all: 0, vdso: 0, kernelClock: 0, kernel: 0, squares: 0 };

  const threadOf = (tid: number) => {
    const key = threads.has(tid) || threads.size < mostThreads ? tid : 0;
    const thread = threads.get(key) ?? { tid: key, samples: 0, vdso: 0, kernelClock: 0, kernel: 0 };
    threads.set(key, thread);
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
    counts: () => ({
      threads: [...threads.values()].map((thread) => ({ ...thread })),
      vdsoSymbols: Object.fromEntries(symbols),
      weights: { ...weights },
    }),
  };
}

function partsOf(mode: CpuSample<VdsoCode>['mode'], symbol: string | undefined, clock: boolean) {
  if (symbol !== undefined) return ['vdso'] as const;
  if (mode !== 'kernel') return [] as const;
  return clock ? (['kernel', 'kernelClock'] as const) : (['kernel'] as const);
}
