import type { CallSiteSummary } from './call-sites.ts';
import type { ClockPage } from './clock-page.ts';
import type { ClockSummary, FunctionSummary } from './clocks.ts';
import type { CostSummary } from './cost.ts';
import type { EntryTotals } from './entries.ts';
import type { SessionEvent } from './events.ts';
import type { Finding, Missing } from './findings.ts';
import type { Interval } from './interval.ts';
import type { MappingSummary } from './mappings.ts';
import type { Libc, Runtime } from './program.ts';
import type { Known } from './reading.ts';
import type { ChildProcess } from './target.ts';

export interface ThreadSummary {
  readonly tid: number;
  readonly name: string | undefined;
  /** Where a tree is watched: the process it is of, if that is known. */
  readonly pid?: number;
  readonly kernelEntriesPerSecond: number;
  /** Name of the clock (or function) this thread enters the kernel for most. */
  readonly mostly: string;
}

export interface Coverage {
  readonly windowSeconds: number;
  readonly watchedSeconds: number;
  readonly threads: Known<number>;
  /** Threads that lived in the window and ended, of a tree those of ended processes too; 0 also where that is not counted. */
  readonly threadsEnded?: number;
  /** Where a tree is watched; absent: one process is. */
  readonly processes?: ProcessCoverage;
  /**
   * Share of kernel entries that were counted: 1 for an exact counter that was passed over by none as far as is known,
   * unavailable where nothing could be counted.
   */
  readonly entriesCounted: Known<number>;
  /** How often the kernel passed over the counter, for any process; unavailable where it does not tell. */
  readonly entriesPassedOver?: Known<number>;
  /** Part of the counted entries that are laid to no thread, from 0 to 1; absent where all are, or none is. */
  readonly entriesOfNoThread?: number;
  readonly method: Known<EntryTotals['method']>;
  /** Call-site samples of the window on each side, and records dropped; absent in reports that do not say. */
  readonly callSiteSamples?: Known<{ readonly kernel: number; readonly vdso: number; readonly lost: number }>;
  /** Whole sentence: "watched 14 s, all 37 threads, every entry counted". */
  readonly sentence: string;
}

/** Of how many processes of a tree something was seen in the window. */
export interface ProcessCoverage {
  /** Living at its end. */
  readonly count: number;
  /** Those that ended in the window; absent where that is not counted. */
  readonly ended?: number;
  /** Those that entered the kernel for a clock; those that made next to nothing of all entries left out. */
  readonly entering: Known<number>;
  /** Those of `entering` of which kernel entries were sampled. */
  readonly enteringSampled: number;
  /** Those of which call sites were sampled, where they enter the kernel or the vDSO. */
  readonly sampled: number;
  /** Those of which CPU samples were taken, since the sampling began. */
  readonly cpuSampled: Known<number>;
}

export interface Report {
  readonly schema: 1;
  readonly tool: { readonly name: 'vdsotop'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly window: { readonly seconds: number };
  readonly target: {
    readonly pid: number;
    readonly comm: Known<string>;
    readonly exe: Known<string>;
    readonly commandLine: Known<readonly string[]>;
    readonly uid: Known<number>;
    readonly bits: Known<32 | 64>;
    readonly linkage: Known<'static' | 'dynamic'>;
    readonly threads: Known<number>;
    /** CPU time burnt in the window, in cores. */
    readonly cpuCores: Known<number>;
    readonly children: Known<readonly ChildProcess[]>;
    readonly libc: Known<Libc>;
    readonly runtime: Known<Runtime>;
    readonly cgroup: Known<{ readonly path: string; readonly container?: string }>;
    readonly ended: boolean;
  };
  readonly host: {
    readonly hostname: Known<string>;
    readonly architecture: Known<string>;
    readonly kernel: Known<string>;
    readonly commandLine: Known<string>;
    readonly clocksource: Known<string>;
    readonly availableClocksources: Known<readonly string[]>;
    readonly hypervisor: Known<string>;
    readonly distribution: Known<string>;
    readonly machineModel: Known<string>;
    readonly cpuModel: Known<string>;
    readonly clockMode: Known<ClockPage['clockMode']>;
    readonly vdsoBuildId: Known<string>;
  };
  readonly verdict: 'slow' | 'fast' | 'unknown';
  /** True when the verdict is 'unknown' because no clock read was seen, not because reads cannot be seen. */
  readonly idle: boolean;
  readonly slowFrom: SlowFrom;
  readonly impact: {
    readonly coreShare: Known<number>;
    readonly targetCpuShare: Known<number>;
    /** Part of one core that the fast path takes, by CPU sampling. */
    readonly fastCoreShare: Known<Interval>;
    /** Part of one core sampled in the kernel's entry code and clock functions; locks and copies that reads share with others are left out. */
    readonly kernelSampledCoreShare: Known<Interval>;
    readonly level: Known<'none' | 'low' | 'high'>;
  };
  /** One sentence, true as it stands. */
  readonly headline: string;
  readonly clocks: readonly ClockSummary[];
  readonly functions: readonly FunctionSummary[];
  /** The ten busiest; empty when none entered, unavailable where entries are not counted or not laid to threads. */
  readonly threads: Known<readonly ThreadSummary[]>;
  /** Where reads come from, the most sampled first; unavailable where the probe for it is not permitted. */
  readonly callSites: Known<readonly CallSiteSummary[]>;
  /** What names and callers of call sites lack, or rest upon: a stripped file, memory that may not be read. Among `limits` too. */
  readonly callSiteLimits: readonly Missing[];
  readonly events: readonly SessionEvent[];
  /** Every finding, never one winner; confirmed causes first, then by what a fix would save. */
  readonly findings: readonly Finding[];
  readonly mappings: Known<readonly MappingSummary[]>;
  readonly sysinfoEhdr: Known<string>;
  readonly clockPage: Known<ClockPage>;
  /** What could not be read, each with its remedy: the capability state of this run. */
  readonly limits: readonly Missing[];
  readonly coverage: Coverage;
  readonly cost: CostSummary;
  /** Where it comes from, when it was judged anew from a capsule; absent while its target is watched. */
  readonly replayed?: ReplayedFrom;
}

/** From where on clock reads are slow; by these bounds every verdict of a report is reached. */
export interface SlowFrom {
  /** Kernel entries that cost this part of a core are slow, whatever the reason. */
  readonly coreShare: number;
  /**
   * A clock that is read at least this often is slow where more than `entryShare` of its reads enter the kernel although a
   * healthy vDSO serves it.
   */
  readonly readsPerSecond: number;
  /** Part of a clock's reads, from 0 to 1. */
  readonly entryShare: number;
}

/** The capsule that a report was made of, by the rules of the vdsotop that made the report. */
export interface ReplayedFrom {
  /** ISO 8601, UTC. */
  readonly savedAt: string;
  /** Version of the vdsotop that saved it. */
  readonly savedBy: string;
  /** What a reader should know: other rules than when it was saved, what is hidden, what is missing; whole sentences. */
  readonly notes: readonly string[];
}
