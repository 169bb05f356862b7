import type { EntryTotals } from '../../model/entries.ts';
import type { Reading } from '../../model/reading.ts';

/** Whose kernel entries are to be counted. */
export interface EntriesTarget {
  /** As /proc names it. */
  readonly pid: number;
  /** In its own innermost PID namespace; read from /proc where it is not given. */
  readonly namespacePid?: number;
  /** Tracepoints of single system calls fire for 64-bit code only. Read from /proc where it is not given. */
  readonly bits?: 32 | 64 | 'x32';
}

/** What a counter is opened for, beside whom. */
export interface CountWhat {
  /** The processes that the target starts from now on too, and those given to `watch`. */
  readonly children: boolean;
  /** Calls of 32-bit code too. Dearer: every system call of the host passes one more program. */
  readonly sees32Bit: boolean;
}

/** A running count of kernel entries, or the reason why there is none. Nothing here throws. */
export interface KernelEntries {
  read(): Reading<EntryTotals>;
  /** Counts one more process too; only where `children` was asked for. */
  watch(pid: number): void;
  /** Stops counting. The kernel takes some tenths of a second to detach, which are not waited for. */
  close(): void;
}
