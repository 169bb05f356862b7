import type { Report } from '../../src/model/report.ts';

/** What a program that was ended says of its own reads: by the name it has for them. */
export type OwnCounts = Readonly<Record<string, number>>;

/** A real process under watch. */
export interface Running {
  readonly pid: number;
  /** What is to happen once vdsotop counts: a signal that lets the reads begin, or makes the program another one. */
  readonly go?: () => void;
  /** Ends it and whatever was started with it. */
  end(): Promise<OwnCounts>;
}

/** A function of the target that reads a clock, and its true part of that clock's reads on one side. */
export interface Caller {
  readonly side: 'kernel' | 'vdso';
  /** As in ClockSummary.name. */
  readonly clock: string;
  /** A symbol among the site's callers, or of the site itself where the instruction is the program's own. */
  readonly symbol: string;
  readonly share: number;
}

/** What the report must say of a target; only what is named here may be accused. */
export interface Expected {
  readonly verdict: Report['verdict'];
  /** Confirmed causes, as 'id CLOCK', or 'id' where the finding covers no clock. Every other is refused. */
  readonly causes: readonly string[];
  /** Confirmed amplifiers and contexts of the program, libc and vdso layers; the other layers are the host's. */
  readonly beside?: readonly string[];
  readonly headline: RegExp;
  /** What a cause's decisive evidence must name. */
  readonly evidence?: Readonly<Record<string, RegExp>>;
  /** Kernel entries a second by clock or function, as the program is paced. */
  readonly perSecond?: Readonly<Record<string, number>>;
  /** vDSO calls a second by clock, as the program is paced: the estimate's interval must come near. */
  readonly fastPerSecond?: Readonly<Record<string, number>>;
  /** Clocks of which the program counts every read: the names it has for them. Reads begin only at `go`. */
  readonly counted?: Readonly<Record<string, readonly string[]>>;
  readonly callers?: readonly Caller[];
  /** Finding id → what its fix says would not help. */
  readonly wouldNotHelp?: Readonly<Record<string, RegExp>>;
  readonly bits?: 32 | 64;
  readonly linkage?: 'static' | 'dynamic';
  readonly libc?: string;
  readonly runtime?: string;
  readonly event?: RegExp;
}

/** A real program, and what vdsotop must say of it. */
export interface Target {
  readonly name: string;
  /** What it does, one clause. */
  readonly does: string;
  start(): Promise<Running>;
  /** Why this host cannot have such a target; undefined where it can. A package that is not installed is no reason. */
  notHere?(): string | undefined;
  /** How long vdsotop watches; 2,500 unless said, so that the verdict stands within 3 s of attaching. */
  readonly watchMs?: number;
  /** Options of vdsotop beside those that every target is watched with. */
  readonly options?: readonly string[];
  readonly expected: Expected;
}
