import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import type { CpuSamplePrice } from './cpu-sample-price.ts';
import type { SampledCode } from './sampled-code.ts';
import type { VdsoPlace } from './vdso-code.ts';

/** Of whom CPU time is sampled, and how much of it that may take. */
export interface CpuSamplesTarget {
  readonly pid: number;
  /** Thread ids of the target at this moment. */
  readonly threads: () => readonly number[];
  /** Of a tree of processes; absent: all threads are of `pid`, and `vdso` is what it maps. */
  readonly processes?: SampledProcesses;
  /** Undefined where it has none. */
  readonly vdso: VdsoPlace | undefined;
  /** Part of one core that the sampling may take from the target; 0 opens nothing. */
  readonly budget: number;
  /** What it may take besides, asked once a second. */
  readonly unspent?: () => number;
  readonly price: CpuSamplePrice;
  /** Samples in the vDSO come with their calls; absent: they are only counted. */
  readonly calls?: CallsWanted;
}

/** Whose the threads of a tree are. */
export interface SampledProcesses {
  processOf(tid: number): number | undefined;
  /** The vDSO of a thread's process, one object for all that map the same; asked when a thread comes among the sampled. */
  codeOf(tid: number): SampledCode | undefined;
  /** Whether that process has run the same program ever since. */
  stillRuns(tid: number): boolean;
}

export interface CallsWanted {
  /** Our own vDSO's image, whose code is the target's: of another one clocks cannot be told apart. */
  readonly image: Reading<VdsoImage>;
}
