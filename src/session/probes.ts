import { areBreakpointsDeaf } from '../collect/calls/are-breakpoints-deaf.ts';
import { createSampler } from '../collect/prices/sampler.ts';
import { keepOffCpusOf } from '../collect/process/keep-off-cpus.ts';
import { createProcessTree } from '../collect/tree/process-tree.ts';
import { createTreeMembers } from '../collect/tree/tree-members.ts';
import type { TimingSample } from '../model/prices.ts';
import type { Reading } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { createActivity } from './activity.ts';
import { asOfEnded } from './as-of-ended.ts';
import { createChildrenReads } from './children-reads.ts';
import { type CounterOptions, createCounters } from './counters.ts';
import { priceOfCounting } from './counting-price.ts';
import { createTargetCpuSamples } from './cpu-samples.ts';
import type { EventLog } from './event-log.ts';
import { putOffCalls } from './put-off-calls.ts';
import { takeCalls } from './take-calls.ts';
import { createTreeFacts } from './tree-facts.ts';
import { createWatchedHost } from './watched-host.ts';
import { type CommandStart, createWatchedTarget } from './watched-target.ts';

export interface ProbeOptions extends CounterOptions, CommandStart {
  readonly pid: number;
}

/** Everything that looks at one target, opened in the one order that keeps prices honest: price first, then arm. */
export interface Probes {
  /** Prices every path while nothing is attached, then attaches the counters. */
  arm(): Promise<void>;
  /** Everything at this moment. `idleForMs`: how long no read has been seen; `begins`: where the windows begin that it will end. */
  snapshot(idleForMs: number, begins?: readonly Snapshot[]): Promise<Snapshot>;
  /** Reads what takes long (kernel log, machine) once the first frame stands. */
  readSlowFacts(): Promise<void>;
  /** The window begins anew with the latest snapshot. */
  restart(): void;
  close(): void;
}

export function createProbes(options: ProbeOptions, events: EventLog): Probes {
  const { pid } = options;
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  const takeBackCpus = keepOffCpusOf(pid);
  const sampler = createSampler();
  const childrenReads = createChildrenReads(pid, options);
  const host = createWatchedHost(pid, events);
  const target = createWatchedTarget(pid, options, events);
  const tree = createProcessTree(pid, options.children);
  const members = createTreeMembers(tree);
  const treeFacts = createTreeFacts(tree, members);
  const activity = createActivity(pid, tree, options.children);
  const counters = createCounters(options, tree, members);
  const cpuSamples = createTargetCpuSamples(options, tree, members);
  let unwatched: readonly TimingSample[] = [];
  let addedNsPerEntry: Reading<number> = notCounting;
  let lastActivity: Snapshot['activity'] | undefined;
  let latestMs: number | undefined;
  /** Undefined: with the next snapshot, as what was counted before can no longer be compared. */
  let sinceMs: number | undefined;
  let closed = false;

  const attachCpuSamples = (soonExec: boolean) => {
    const tellsCalls = areBreakpointsDeaf(counters.priceOfHits()) !== undefined;
    cpuSamples.attach(target.facts(), host.facts(), { soonExec, tellsCalls, unspent: counters.unspentByBreakpoints });
  };

  /** Processes that came since the last look; the counter that is opened next counts them by itself. */
  const lookAtTree = () => {
    if (!options.children) return [];
    const fresh = tree.refresh();
    members.refresh();
    return fresh;
  };

  const arm = async () => {
    unwatched = await sampler.price();
    if (closed) return;
    lookAtTree();
    counters.attach(target.facts(), host.facts(), target.isToExec());
    addedNsPerEntry = counters.counting() ? await priceOfCounting(sampler, unwatched) : notCounting;
    if (closed) return;
    attachCpuSamples(target.isToExec());
    events.note('attached', counters.counting() ? `counting the kernel entries of pid ${pid}` : `watching pid ${pid}`);
  };

  /** Prices belong to a clocksource: after a switch they are taken anew, with the counters off for that moment. */
  const rearm = async () => {
    counters.detach();
    events.note('gap', 'not counting while the paths are priced anew');
    sinceMs = undefined;
    await arm();
  };

  /** What is attached stands on the target's code: where that is another, it is attached anew. */
  const followTarget = () => {
    const before = target.facts();
    const isBreak = !target.isToExec();
    const change = target.follow();
    if (change !== 'exec' && change !== 'other-code') return;
    counters.reattach(before, target.facts(), host.facts());
    attachCpuSamples(false);
    if (change === 'exec' && isBreak) sinceMs = undefined;
  };

  /** What has ended has no threads to read: its last ones stand. */
  const readActivity = (entries: Snapshot['entries'], begins: readonly Snapshot[]) => {
    if (!target.hasEnded() || lastActivity === undefined)
      lastActivity = activity.read(
        threadsOf(entries),
        begins.map((begin) => threadsOf(begin.entries)),
      );
    return lastActivity;
  };

  const readChildren = (idleForMs: number) => {
    const facts = target.facts();
    if (options.children) return facts.children;
    return target.hasEnded() ? childrenReads.last(facts) : childrenReads.follow(facts, host.facts(), idleForMs);
  };

  const follow = async () => {
    followTarget();
    if (target.hasEnded()) return [];
    if (host.follow()) await rearm();
    for (const child of lookAtTree()) counters.watch(child);
    return sampler.sample(counters.counting());
  };

  return {
    arm,
    async snapshot(idleForMs, begins = []) {
      const timings = target.hasEnded() ? [] : await follow();
      const ended = target.hasEnded();
      const entries = counters.entries();
      counters.addCalls(cpuSamples.takeCalls());
      const isFirst = sinceMs === undefined && !ended;
      const calls = isFirst ? putOffCalls(counters) : takeCalls(counters, ended);
      if (ended) {
        counters.detach();
        cpuSamples.detach();
      }
      latestMs = performance.now() - startedMs;
      sinceMs ??= latestMs;
      const snapshot: Snapshot = {
        atMs: Date.now(),
        elapsedMs: latestMs,
        host: host.facts(),
        target: { ...target.facts(), children: readChildren(idleForMs) },
        activity: readActivity(entries, begins),
        ...(options.children && { tree: treeFacts(entries) }),
        entries,
        ...calls,
        cpuSamples: cpuSamples.read(),
        clockPage: host.readClockPage(),
        timings,
        unwatched,
        cost: {
          ...ownCost(startedCpu, sampler.spentNs(), addedNsPerEntry),
          nsPerBreakpointHit: counters.priceOfHits().caughtNs,
          nsPerCountedHit: counters.priceOfHits().countedNs,
          nsPerCpuSample: cpuSamples.nsPerSample(),
          probesNs: counters.breakpointsNs() + cpuSamples.spentNs(),
        },
        events: events.all(),
        ended,
        sinceMs,
      };
      return ended ? asOfEnded(snapshot) : snapshot;
    },
    readSlowFacts: host.readSlowFacts,
    restart() {
      sinceMs = latestMs;
    },
    close() {
      closed = true;
      counters.detach();
      cpuSamples.detach();
      childrenReads.close();
      host.close();
      target.close();
      takeBackCpus();
    },
  };
}

function threadsOf(entries: Snapshot['entries']) {
  return 'value' in entries ? entries.value.threads : [];
}

const notCounting = { unavailable: 'absent', detail: 'no counters are attached' } as const;

/** What Node took to start before `started` is of no time that is watched. */
function ownCost(
  started: NodeJS.CpuUsage,
  samplerNs: number,
  addedNsPerEntry: Reading<number>,
): Omit<Snapshot['cost'], 'nsPerBreakpointHit' | 'nsPerCountedHit' | 'nsPerCpuSample' | 'probesNs'> {
  const { user, system } = process.cpuUsage(started);
  return {
    cpuTimeNs: (user + system) * 1_000,
    samplerNs,
    rssBytes: process.memoryUsage.rss(),
    addedNsPerEntry,
  };
}
