import type { EntryTotals } from '../../model/entries.ts';
import type { FastReadWitness, FastWindow } from '../../model/fast-reads.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { unavailable } from '../reading.ts';
import { areBreakpointsDeaf } from './are-breakpoints-deaf.ts';
import type { BreakpointPrice } from './breakpoint-price.ts';
import { createKernelWindows } from './kernel-windows.ts';
import { priceOfHits } from './price-of-hits.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import { vdsoPlan } from './vdso-plan.ts';
import type { VdsoToWatch } from './vdso-to-watch.ts';
import { createVdsoWindows } from './vdso-windows.ts';

export interface CallSamplesTarget {
  readonly pid: number;
  readonly bits: 32 | 64;
  readonly vdso: VdsoToWatch;
  /** Thread ids of the target at this moment. */
  readonly threads: () => readonly number[];
  /** Share of one core that breakpoints may take from the target; 0 opens none. Entries are sampled all the same. */
  readonly budget: number;
  /** What one hit takes (priceBreakpoint); 'unsupported': there are no hits on this host, and no breakpoint is set. */
  readonly hitPrice: BreakpointPrice;
}

/** Catches a few clock reads of a process, where they enter the kernel and the vDSO. Close it when it calls exec. */
export interface CallSamples {
  start(): void;
  /** To be called with every reading of the counter: what never entered is not looked for. */
  follow(entries: Reading<EntryTotals>): void;
  /** Hits of breakpoints, cumulative. */
  read(): Reading<FastReadWitness>;
  /** Windows that ended since last asked. */
  takeWindows(): readonly FastWindow[];
  /** The same of those that only counted. */
  takeCounts(): readonly FastWindow[];
  /** Calls to be resolved since last asked; an even choice of those that were caught. */
  takeSamples(): readonly RawCallSample[];
  /** Records that the kernel dropped. */
  lost(): number;
  /** Why nothing of a side can be sampled; undefined where it can, or was not needed yet. */
  failure(side: RawCallSample['side']): Unavailable | undefined;
  /** Time that breakpoints have taken from the target's threads, as counted and priced. */
  spentNs(): number;
  close(): void;
}

/** What is not asked for is not kept for ever. */
const mostKept = 4_096;

export function createCallSamples(target: CallSamplesTarget): CallSamples {
  const { pid, bits, vdso, threads, budget } = target;
  const plan = vdsoPlan(vdso);
  let windows: FastWindow[] = [];
  let counts: FastWindow[] = [];
  let samples: RawCallSample[] = [];
  let lost = 0;

  const keep = (caught: readonly RawCallSample[], dropped: number) => {
    lost += dropped;
    samples = [...samples, ...caught].slice(-mostKept);
  };
  const kernelSide = createKernelWindows({ pid, bits, threads, onRound: keep });
  const deaf = areBreakpointsDeaf(target.hitPrice);
  const vdsoSide =
    budget > 0 && plan !== undefined && deaf === undefined
      ? createVdsoWindows({
          ...{ pid, threads, budget, planOf: () => plan, events: plan.functions.length },
          hitPrice: priceOfHits(target.hitPrice),
          onCounts(seen, caught, dropped) {
            counts = [...counts, ...seen].slice(-mostKept);
            keep(caught, dropped);
          },
          onRound(seen, caught, dropped) {
            windows = [...windows, ...seen].slice(-mostKept);
            keep(caught, dropped);
          },
        })
      : undefined;
  const notLooked = (): Unavailable => {
    if (budget <= 0) return unavailable('absent', 'vDSO calls are not looked at: the budget for it is 0');
    if ('unavailable' in vdso) return vdso;
    if (deaf !== undefined) return deaf;
    return unavailable('absent', "the target's vDSO has none of the functions looked for");
  };
  const read = () => vdsoSide?.read() ?? notLooked();

  return {
    start: () => vdsoSide?.start(),
    follow: (entries) => kernelSide.follow(entries),
    read,
    takeWindows() {
      const taken = windows;
      windows = [];
      return taken;
    },
    takeCounts() {
      const taken = counts;
      counts = [];
      return taken;
    },
    takeSamples() {
      const taken = samples;
      samples = [];
      return taken;
    },
    lost: () => lost,
    failure(side) {
      if (side === 'kernel') return kernelSide.failure();
      const reading = read();
      return 'unavailable' in reading ? reading : undefined;
    },
    spentNs: () => vdsoSide?.spentNs() ?? 0,
    close() {
      vdsoSide?.close();
      kernelSide.close();
    },
  };
}
