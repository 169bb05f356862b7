import type { CpuSamples } from '../../model/cpu-samples.ts';
import type { CpuSample } from './cpu-sample-rings.ts';
import type { IsKernelClock } from './kernel-clock-functions.ts';
import { vdsoFunctions } from './vdso-functions.ts';

/** The target's [vdso] mapping: addresses hexadecimal; functions by offset from its start, none where not known. */
export interface VdsoPlace {
  readonly start: string;
  readonly end: string;
  readonly symbols: readonly { readonly name: string; readonly offset: number }[];
}

type Counts = Pick<CpuSamples, 'threads' | 'vdsoSymbols' | 'weights'>;

/** Adds up samples by what was running; cumulative, and for at most so many threads that came and went. */
export interface CpuSampleTally {
  /** `weightNs`: the CPU time that each of them stands for. */
  add(samples: readonly CpuSample[], weightNs: number, isKernelClock: IsKernelClock): void;
  counts(): Counts;
}

/** Threads beyond this are summed under the id 0. */
const mostThreads = 4_096;

export function createCpuSampleTally(vdso: VdsoPlace | undefined): CpuSampleTally {
  const nameOf = symbolFinder(vdso);
  const isEntry = entryFinder(vdso);
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
      for (const { ip, tid, mode } of samples) {
        const thread = threadOf(tid);
        const symbol = mode === 'user' && !isEntry(ip) ? nameOf(ip) : undefined;
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

function partsOf(mode: CpuSample['mode'], symbol: string | undefined, clock: boolean) {
  if (symbol !== undefined) return ['vdso'] as const;
  if (mode !== 'kernel') return [] as const;
  return clock ? (['kernel', 'kernelClock'] as const) : (['kernel'] as const);
}

/**
 * The first instruction of a vDSO function: where a breakpoint hits, with interrupts off, so that a timer that expires
 * meanwhile is told there. That time is ours and no part of the call; of samples without breakpoints next to none lies there.
 * arm64 steps over it and traps again at the second one (arch/arm64/kernel/hw_breakpoint.c); its functions are __kernel_….
 */
function entryFinder(vdso: VdsoPlace | undefined): (ip: bigint) => boolean {
  const start = BigInt(`0x${vdso?.start ?? '0'}`);
  const entries = new Set(
    (vdso?.symbols ?? []).flatMap(({ name, offset }) => {
      const entry = start + BigInt(offset);
      return name.startsWith('__kernel_') ? [entry, entry + arm64InstructionBytes] : [entry];
    }),
  );
  return (ip) => entries.has(ip);
}

const arm64InstructionBytes = 4n;

/** The function that begins last at or before an address of the [vdso]; '[vdso]' before the first; undefined outside. */
function symbolFinder(vdso: VdsoPlace | undefined): (ip: bigint) => string | undefined {
  if (vdso === undefined) return () => undefined;
  const start = BigInt(`0x${vdso.start}`);
  const end = BigInt(`0x${vdso.end}`);
  const functions = vdsoFunctions(vdso.symbols);
  return (ip) => (ip < start || ip >= end ? undefined : (functions.nameAt(Number(ip - start)) ?? '[vdso]'));
}
