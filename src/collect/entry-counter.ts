import type { EntryTotals, Reading } from '../model.ts';

/** Whose kernel entries are to be counted. */
export interface EntriesTarget {
  /** As /proc names it. */
  readonly pid: number;
  /** In its own innermost PID namespace; read from /proc where it is not given. */
  readonly namespacePid?: number;
  /** System call tracepoints fire for 64-bit programs only. */
  readonly bits?: 32 | 64;
}

/** A running count of kernel entries, or the reason why there is none. Nothing here throws. */
export interface KernelEntries {
  read(): Reading<EntryTotals>;
  /** Counts one more process too; only where `children` was asked for. */
  watch(pid: number): void;
  /** Stops counting. The kernel takes some tenths of a second to detach, which are not waited for. */
  close(): void;
}
