import type { ClockSlot, EntryFunction } from './clock-calls.ts';
import type { Libc, Runtime } from './program.ts';
import type { Unavailable } from './reading.ts';

/** What kind of code an address of the target belongs to. */
export type CodeKind = 'vdso' | 'vsyscall' | 'libc' | 'executable' | 'library' | 'anonymous' | 'unknown';

/** Where an address of the target lies, in words. Names come from the target: cleaned, bounded. */
export interface CodePlace {
  /** Hexadecimal without 0x, as the target maps it. */
  readonly address: string;
  readonly kind: CodeKind;
  /** File the mapping shows, or '[vdso]'; absent for anonymous memory. */
  readonly module?: string;
  /** From .symtab, .dynsym, a debug file of the same build, .gnu_debugdata or perf-PID.map; absent where none covers the address. */
  readonly symbol?: string;
  /** Bytes from the start of that symbol. */
  readonly offset?: number;
}

/** One place from which clock reads come, as sampled. */
export interface CallSite {
  /** 'kernel': sampled where a read enters the kernel; 'vdso': where it enters the vDSO, whether it stays there or not. */
  readonly side: 'kernel' | 'vdso';
  readonly fn: EntryFunction;
  readonly slot: ClockSlot;
  readonly tid: number;
  /** Where a tree of processes is watched: whose thread it was, as it was called when it was last sampled. */
  readonly process?: SiteProcess;
  /** Where a tree of processes is watched: index of what that process ran in `CallSites.programs`. */
  readonly program?: number;
  /** Of 'kernel': the syscall instruction. Of 'vdso': the vDSO function. */
  readonly place: CodePlace;
  /** Who called that, nearest first; empty where it could not be followed. */
  readonly callers: readonly CodePlace[];
  /** How `callers` was found. By frame pointer it may skip callers: never in a headline. */
  readonly foundBy: 'unwinding' | 'return-address' | 'frame-pointer' | 'none';
  readonly samples: number;
}

/** A process of a tree. */
export interface SiteProcess {
  readonly pid: number;
  readonly comm: string;
}

/** What must be known of a program to read its call sites; what is not known is absent. */
export interface SiteProgram {
  readonly bits?: 32 | 64;
  readonly linkage?: 'static' | 'dynamic';
  readonly libc?: Libc['name'];
  readonly runtime?: Runtime['name'];
}

/** Call sites since the sampling began, cumulative. */
export interface CallSites {
  /** Distinct ones, the most sampled first; of very many those that were sampled last. */
  readonly sites: readonly CallSite[];
  /** Samples taken on each side, those of sites that are no longer listed included. */
  readonly samples: { readonly kernel: number; readonly vdso: number };
  /** Records that the kernel dropped or that were cut off. */
  readonly lost: number;
  /** Present where samples of the 'vdso' side are of its time and not of its calls, since no breakpoint is hit. */
  readonly vdsoBy?: 'time';
  /** What the processes of a tree ran, where such is watched. */
  readonly programs?: readonly SiteProgram[];
  /** What could not be read of the target's code: names and callers may be missing, or assumed, for it. Absent: nothing. */
  readonly obstacles?: readonly Unavailable[];
}

/** 95 % limits of a share: 0 to 1 where the samples of one moment, or the beginnings of bursts, are all there is. */
export interface ShareLimits {
  readonly low: number;
  readonly high: number;
}

/** A place from which one kind of read comes, with its part of all samples of that kind and side. */
export interface CallSiteSummary extends Omit<CallSite, 'slot' | 'tid' | 'process' | 'program'> {
  /** Name of the clock or function, as in ClockSummary.name. */
  readonly clock: string;
  /** Part of the samples of this clock on this side; in a tree what processes of which none was taken read is nobody's. */
  readonly share: number;
  /** Where the part that it has of all such reads lies. */
  readonly shareLimits: ShareLimits;
  /** The threads it was sampled in, busiest first, at most ten. */
  readonly threads: readonly { readonly tid: number; readonly name?: string; readonly samples: number }[];
  /** In how many it was sampled. */
  readonly threadCount: number;
  /** Where a tree of processes is watched: those it was sampled in, busiest first, at most ten, and how many in all. */
  readonly processes?: {
    readonly count: number;
    readonly busiest: readonly (SiteProcess & { readonly samples: number })[];
  };
  /** 'ratelimit+0x3c in libfoo.so, by clock_gettime in libc.so.6' */
  readonly sentence: string;
}
