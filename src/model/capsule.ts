import type { CostSummary } from './cost.ts';
import type { Missing } from './findings.ts';
import type { Known } from './reading.ts';
import type { Snapshot } from './snapshot.ts';

/** Who made a capsule, where, of what, and what was left out: enough to tell two apart without judging either. */
export interface CapsuleHeader {
  /** Number of the format; a reader refuses a higher one than it knows. */
  readonly capsule: 1;
  readonly tool: { readonly name: 'vdsotop'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly savedAt: string;
  readonly kernel: Known<string>;
  readonly clocksource: Known<string>;
  readonly vdsoBuildId: Known<string>;
  readonly cpuModel: Known<string>;
  readonly hypervisor: Known<string>;
  readonly target: { readonly pid: number; readonly comm: Known<string>; readonly exe: Known<string> };
  /** What could not be read, each with its remedy: the capability state of that run. */
  readonly limits: readonly Missing[];
  readonly cost: CostSummary;
  readonly intervalMs: number;
  /** How vdsotop was called, for remedies that say to run it again. */
  readonly commandLine: string;
  /** What was taken out before it was kept, in words; empty where nothing was. */
  readonly hidden: readonly string[];
  /** `elapsedMs` of the snapshot that was looked at; absent: the last one. */
  readonly shownMs?: number;
}

/** What a session knew, on its own: kept in files and pictures, and judged again by whoever opens it. */
export interface Capsule {
  readonly header: CapsuleHeader;
  /** Oldest first, never empty. What did not change from one to the next is the same object. */
  readonly snapshots: readonly Snapshot[];
}
