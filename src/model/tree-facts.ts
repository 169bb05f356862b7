import type { TargetFacts } from './target.ts';

/** Facts in which the processes of a tree may differ. */
export type ProgramFacts = Pick<
  TargetFacts,
  | 'bits'
  | 'linkage'
  | 'mappings'
  | 'sysinfoEhdr'
  | 'libc'
  | 'runtime'
  | 'interposers'
  | 'vdso'
  | 'vdsoWritten'
  | 'tracerPid'
  | 'seccompMode'
  | 'otherTimeNamespace'
>;

/** A process of the tree, living, or ended and not forgotten yet because it read clocks. */
export interface TreeProcess {
  readonly pid: number;
  /** Absent where it was not read. */
  readonly comm?: string;
  /** Index of its facts in `TreeFacts.programs`; absent where they could not be read, or not yet. */
  readonly program?: number;
  readonly ended?: true;
}

/** Who is in a tree that is watched whole, and what its processes run. */
export interface TreeFacts {
  /** Living processes, the target among them. */
  readonly processCount: number;
  /** As many of them as are kept, the target first. */
  readonly processes: readonly TreeProcess[];
  /** Distinct facts: processes that were forked and share all of them share one entry. */
  readonly programs: readonly ProgramFacts[];
  /** Process of the threads that enter the kernel most; a thread with the number of its process may be left out. */
  readonly threads: Readonly<Record<number, number>>;
}
