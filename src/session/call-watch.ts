import { areBreakpointsDeaf } from '../collect/calls/are-breakpoints-deaf.ts';
import type { BreakpointPrice } from '../collect/calls/breakpoint-price.ts';
import { createCallSamples } from '../collect/calls/call-samples.ts';
import { createCallSiteTally } from '../collect/calls/call-site-tally.ts';
import type { RawCallSample } from '../collect/calls/raw-call-sample.ts';
import { vdsoToWatch } from '../collect/calls/vdso-to-watch.ts';
import { type CallSiteResolver, createCallSiteResolver } from '../collect/code-places/call-site-resolver.ts';
import { listThreads } from '../collect/process/list-threads.ts';
import type { CallSites } from '../model/call-sites.ts';
import type { EntryTotals } from '../model/entries.ts';
import type { FastReadWitness, FastWindow } from '../model/fast-reads.ts';
import type { HostFacts } from '../model/host.ts';
import type { Reading, Unavailable } from '../model/reading.ts';
import type { TargetFacts } from '../model/target.ts';
import { createNameWait } from './name-wait.ts';
import { readSites } from './read-sites.ts';
import { withObstacles } from './with-obstacles.ts';

/** Samples of the target's clock reads: where they come from, and which of them the vDSO serves. */
export interface CallWatch {
  start(): void;
  /** To be called with every reading of the counter. */
  follow(entries: Reading<EntryTotals>): void;
  fastReads(): Reading<FastReadWitness>;
  /** Windows that ended since last asked. */
  takeFastWindows(): readonly FastWindow[];
  /** The same of those that only counted. */
  takeFastCounts(): readonly FastWindow[];
  /** Calls that another probe caught in the vDSO, because no breakpoint does. */
  add(calls: readonly RawCallSample[]): void;
  /**
   * Resolves what was caught since last asked. What has a name on its way is counted when that has come, but for the `last`
   * time of asking.
   */
  callSites(last?: boolean): Reading<CallSites>;
  /** Time that breakpoints have taken from the target's threads. */
  spentNs(): number;
  close(): void;
}

export interface CallWatchOptions {
  /** Share of one core that breakpoints may take from the target; 0 opens none. */
  readonly budget: number;
  readonly hitPrice: BreakpointPrice;
}

export function createCallWatch(target: TargetFacts, host: HostFacts, options: CallWatchOptions): CallWatch {
  const { pid, bits } = target;
  if ('unavailable' in bits) return blindCallWatch(bits);
  const samples = createCallSamples({
    pid,
    bits: bits.value,
    vdso: vdsoToWatch(target, host.ownVdso),
    threads: () => listThreads(pid),
    ...options,
  });
  const byTime = options.budget > 0 && areBreakpointsDeaf(options.hitPrice) !== undefined;
  const tally = createCallSiteTally(byTime ? 'time' : undefined);
  let added: readonly RawCallSample[] = [];
  const wait = createNameWait<RawCallSample>();
  let resolver: CallSiteResolver | undefined;

  return {
    start: samples.start,
    follow: samples.follow,
    fastReads: samples.read,
    takeFastWindows: samples.takeWindows,
    takeFastCounts: samples.takeCounts,
    add(calls) {
      added = [...added, ...calls];
    },
    callSites(last = false) {
      const taken = [...wait.take(), ...samples.takeSamples(), ...added];
      added = [];
      for (const sample of taken) {
        resolver ??= createCallSiteResolver(pid);
        const call = resolver.resolve(sample);
        if (last || !wait.putsOff(sample, call)) tally.add(sample, call);
      }
      const sites = withObstacles(tally.read(samples.lost()), resolver?.obstacles() ?? []);
      return readSites(sites, wait.length, samples.failure, byTime);
    },
    spentNs: samples.spentNs,
    close() {
      samples.close();
      resolver?.close();
      resolver = undefined;
    },
  };
}

/** For a target that cannot be looked at: the same reason everywhere. */
export function blindCallWatch(reason: Unavailable): CallWatch {
  const blind = () => reason;
  return {
    start() {},
    follow() {},
    fastReads: blind,
    takeFastWindows: () => [],
    takeFastCounts: () => [],
    add() {},
    callSites: blind,
    spentNs: () => 0,
    close() {},
  };
}
