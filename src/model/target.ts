import type { Mapping } from './mappings.ts';
import type { Interposer, Libc, Runtime } from './program.ts';
import type { Reading } from './reading.ts';
import type { TargetVdso } from './vdso.ts';

export interface ChildProcess {
  readonly pid: number;
  readonly comm: string;
  /** Clock reads seen of it in a short look, taken once the target itself was found idle; absent where there was none. */
  readonly readsSeen?: number;
}

export interface TargetFacts {
  /** As /proc of this PID namespace names it. */
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat: tells a reused pid. */
  readonly startTimeTicks: Reading<number>;
  readonly comm: Reading<string>;
  readonly exe: Reading<string>;
  readonly commandLine: Reading<readonly string[]>;
  readonly uid: Reading<number>;
  readonly bits: Reading<32 | 64>;
  readonly linkage: Reading<'static' | 'dynamic'>;
  /** Only the mappings that concern clock reads; an empty list means maps was read and has none. */
  readonly mappings: Reading<readonly Mapping[]>;
  /** AT_SYSINFO_EHDR of /proc/PID/auxv, hexadecimal; '0' when the vector has no such entry or it is null. */
  readonly sysinfoEhdr: Reading<string>;
  readonly tracerPid: Reading<number>;
  readonly seccompMode: Reading<'none' | 'strict' | 'filter'>;
  /** Whether the target lives in another time namespace than vdsotop. */
  readonly otherTimeNamespace: Reading<boolean>;
  readonly libc: Reading<Libc>;
  readonly runtime: Reading<Runtime>;
  /** Clock functions that do not come from libc; an empty list means the search order was read and none does. */
  readonly interposers: Reading<readonly Interposer[]>;
  /** Read through /proc/PID/mem, which needs the permission to attach. */
  readonly vdso: Reading<TargetVdso>;
  /**
   * Whether it has a page of its own in [vdso], as whoever writes there gets; readable where the image may not be. Absent in
   * what a vdsotop recorded that did not read it.
   */
  readonly vdsoWritten?: Reading<boolean>;
  /** Its cgroup (v2 path), and the container it stands for where the path tells one. */
  readonly cgroup: Reading<{ readonly path: string; readonly container?: string }>;
  /** The pid in the target's own innermost PID namespace (last field of NSpid). */
  readonly namespacePid: Reading<number>;
  /** Direct children, for a master that reads no clock while its children do. */
  readonly children: Reading<readonly ChildProcess[]>;
}

/** Read every tick: how many threads there are and what the target has burnt so far. */
export interface TargetActivity {
  readonly threadCount: number;
  /** Names of threads by tid, for those that were read (the busiest are). */
  readonly threadNames: Readonly<Record<number, string>>;
  /** User + system CPU time of the whole process since it started. */
  readonly cpuTimeNs: number;
}
