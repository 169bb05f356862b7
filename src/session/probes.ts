import { areBreakpointsDeaf } from '../collect/calls/are-breakpoints-deaf.ts';
import { noWindowYet } from '../collect/calls/no-window-yet.ts';
import { createClockPageReader } from '../collect/host/clock-page.ts';
import { createClockSteps } from '../collect/host/clock-steps.ts';
import { collectHost, collectSlowHost } from '../collect/host/host.ts';
import { readOwnVdso } from '../collect/host/own-vdso.ts';
import { readClocksource } from '../collect/host/read-clocksource.ts';
import { watchKernelLog } from '../collect/host/watch-kernel-log.ts';
import { createSampler } from '../collect/prices/sampler.ts';
import { createCgroupThrottling } from '../collect/process/cgroup-throttling.ts';
import { keepOffCpusOf } from '../collect/process/keep-off-cpus.ts';
import { processAgeMs } from '../collect/process/process-age.ts';
import { collectTarget } from '../collect/process/target.ts';
import { type IdentityChange, watchIdentity } from '../collect/process/watch-identity.ts';
import { createProcessTree } from '../collect/tree/process-tree.ts';
import { createTreeMembers } from '../collect/tree/tree-members.ts';
import type { HostFacts } from '../model/host.ts';
import type { TimingSample } from '../model/prices.ts';
import type { Reading } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { TargetFacts } from '../model/target.ts';
import { createActivity } from './activity.ts';
import { createChildrenReads } from './children-reads.ts';
import { type CounterOptions, createCounters } from './counters.ts';
import { priceOfCounting } from './counting-price.ts';
import { createTargetCpuSamples } from './cpu-samples.ts';
import type { EventLog } from './event-log.ts';
import { hostAfresh } from './host-afresh.ts';
import { sameVdso } from './same-vdso.ts';
import { createSettlingFacts } from './settling-facts.ts';
import { createThreadFactsFollower } from './thread-facts.ts';
import { createTreeFacts } from './tree-facts.ts';

export interface ProbeOptions extends CounterOptions {
  readonly pid: number;
  /** The target is a command about to be started: its first exec is its beginning and not a break. */
  readonly startsWithExec: boolean;
}

/** Everything that looks at one target, opened in the one order that keeps prices honest: price first, then arm. */
export interface Probes {
  /** Prices every path while nothing is attached, then attaches the counters. */
  arm(): Promise<void>;
  /** Everything at this moment. `idleForMs`: how long no read has been seen. */
  snapshot(idleForMs: number): Promise<Snapshot>;
  /** Reads what takes long (kernel log, machine) once the first frame stands. */
  readSlowFacts(): Promise<void>;
  /** The window begins anew with the latest snapshot. */
  restart(): void;
  close(): void;
}

export function createProbes(options: ProbeOptions, events: EventLog): Probes {
  const { pid } = options;
  const startedMs = performance.now();
  const takeBackCpus = keepOffCpusOf(pid);
  const identity = watchIdentity(pid);
  const sampler = createSampler();
  const clockPage = createClockPageReader();
  const kernelLog = watchKernelLog();
  const clockSteps = createClockSteps();
  const throttling = createCgroupThrottling(pid);
  const childrenReads = createChildrenReads(pid, options);
  const threadFacts = createThreadFactsFollower(pid);
  const settlingFacts = createSettlingFacts(pid);
  let host: HostFacts = collectHost(readOwnVdso());
  let target: TargetFacts = collectTarget(pid);
  if (!options.startsWithExec) settlingFacts.began(processAgeMs(target));
  const tree = createProcessTree(pid, options.children);
  const members = createTreeMembers(tree);
  const treeFacts = createTreeFacts(tree, members);
  const activity = createActivity(pid, tree);
  const counters = createCounters(options, tree, members);
  const cpuSamples = createTargetCpuSamples(options, tree, members);
  let unwatched: readonly TimingSample[] = [];
  let addedNsPerEntry: Reading<number> = notCounting;
  let lastActivity: Snapshot['activity'] | undefined;
  let clockMode: string | undefined;
  let latestMs: number | undefined;
  /** Undefined: with the next snapshot, as what was counted before can no longer be compared. */
  let sinceMs: number | undefined;
  let ended = false;
  let closed = false;
  let expectsExec = options.startsWithExec;

  const attachCpuSamples = (soonExec: boolean) => {
    const tellsCalls = areBreakpointsDeaf(counters.priceOfHits()) !== undefined;
    cpuSamples.attach(target, host, { soonExec, tellsCalls, unspent: counters.unspentByBreakpoints });
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
    counters.attach(target, host, expectsExec);
    addedNsPerEntry = counters.counting() ? await priceOfCounting(sampler, unwatched) : notCounting;
    if (closed) return;
    attachCpuSamples(expectsExec);
    events.note('attached', counters.counting() ? `counting the kernel entries of pid ${pid}` : `watching pid ${pid}`);
  };

  /** Prices belong to a clocksource: after a switch they are taken anew, with the counters off for that moment. */
  const rearm = async () => {
    counters.detach();
    events.note('gap', 'not counting while the paths are priced anew');
    sinceMs = undefined;
    await arm();
  };

  const take = (facts: TargetFacts) => {
    const before = target;
    target = facts;
    counters.reattach(before, target, host);
    attachCpuSamples(false);
  };

  const onExec = () => {
    take(collectTarget(pid));
    settlingFacts.began(0);
    events.note('target-exec', `the target became ${'value' in target.comm ? target.comm.value : 'another program'}`);
    if (!expectsExec) sinceMs = undefined;
    expectsExec = false;
  };

  const onChange = (change: IdentityChange) => {
    if (change === 'exec') onExec();
    if (change !== 'ended' && change !== 'reused') return;
    ended = true;
    target = expectsExec ? neverSeen(target) : settlingFacts.last(target);
    events.note('target-ended', change === 'reused' ? 'the target ended, its pid was given away' : 'the target ended');
  };

  const followTarget = () => {
    const change = identity.check();
    if (change !== 'same') return onChange(change);
    const facts = settlingFacts.follow(target);
    if (facts === target) return;
    // What was read across an exec, or as the target ended, is of neither.
    const changeMeanwhile = identity.check();
    if (changeMeanwhile !== 'same') return onChange(changeMeanwhile);
    if ('unavailable' in facts.mappings && 'value' in target.mappings) return;
    if (sameVdso(target, facts)) target = facts;
    else take(facts);
  };

  const followHost = async () => {
    const lines = kernelLog.poll();
    for (const { text } of lines) events.note('kernel-log', text);
    for (const { kind, text } of clockSteps.poll()) events.note(kind, text);
    for (const text of throttling.poll()) events.note('throttled', text);
    const before = host.currentClocksource;
    const now = readClocksource();
    const isSwitched = 'value' in before && 'value' in now && before.value !== now.value;
    // What is read anew must not show a switch that this look has not seen yet: the next one would not notice it.
    if (lines.length > 0 || isSwitched)
      host = { ...hostAfresh(host, lines), currentClocksource: isSwitched ? now : before };
    if (!isSwitched) return;
    events.note('clocksource-switched', `clocksource ${before.value} → ${now.value}`);
    await rearm();
  };

  const readClockPage = () => {
    const page = clockPage.read();
    if ('value' in page) {
      if (clockMode !== undefined && clockMode !== page.value.clockMode)
        events.note('clock-mode-changed', `vvar clock mode ${clockMode} → ${page.value.clockMode}`);
      clockMode = page.value.clockMode;
    }
    return page;
  };

  /** What has ended has no threads to read: its last ones stand. */
  const readActivity = (entries: Snapshot['entries']) => {
    if (!ended || lastActivity === undefined)
      lastActivity = activity.read('value' in entries ? entries.value.threads : []);
    return lastActivity;
  };

  const readChildren = (idleForMs: number) => {
    if (options.children) return target.children;
    return ended ? childrenReads.last(target) : childrenReads.follow(target, host, idleForMs);
  };

  const follow = async () => {
    followTarget();
    if (ended) return [];
    target = threadFacts.follow(target);
    await followHost();
    for (const child of lookAtTree()) counters.watch(child);
    return sampler.sample(counters.counting());
  };

  return {
    arm,
    async snapshot(idleForMs) {
      const timings = ended ? [] : await follow();
      const entries = counters.entries();
      // What breakpoints saw before the first snapshot is of the stretch after it: a verdict cannot wait for as much again.
      const isFirst = sinceMs === undefined && !ended;
      const fastReads = isFirst ? withoutValue(counters.fastReads()) : counters.fastReads();
      const fastWindows = isFirst ? [] : counters.takeFastWindows();
      const fastCounts = isFirst ? [] : counters.takeFastCounts();
      counters.addCalls(cpuSamples.takeCalls());
      const callSites = counters.callSites(ended);
      if (ended) {
        counters.detach();
        cpuSamples.detach();
      }
      latestMs = performance.now() - startedMs;
      sinceMs ??= latestMs;
      return {
        atMs: Date.now(),
        elapsedMs: latestMs,
        host,
        target: { ...target, children: readChildren(idleForMs) },
        activity: readActivity(entries),
        ...(options.children && { tree: treeFacts(entries) }),
        entries,
        fastReads,
        fastWindows,
        fastCounts,
        cpuSamples: cpuSamples.read(),
        callSites,
        clockPage: readClockPage(),
        timings,
        unwatched,
        cost: {
          ...ownCost(sampler.spentNs(), addedNsPerEntry),
          nsPerBreakpointHit: counters.priceOfHits().caughtNs,
          nsPerCountedHit: counters.priceOfHits().countedNs,
          nsPerCpuSample: cpuSamples.nsPerSample(),
          probesNs: counters.breakpointsNs() + cpuSamples.spentNs(),
        },
        events: events.all(),
        ended,
        sinceMs,
      };
    },
    async readSlowFacts() {
      const slow = await collectSlowHost();
      // Only now: the clocksource may have been switched meanwhile, and an older host would have it switched again.
      host = { ...host, ...slow };
    },
    restart() {
      sinceMs = latestMs;
    },
    close() {
      closed = true;
      counters.detach();
      cpuSamples.detach();
      childrenReads.close();
      kernelLog.close();
      identity.close();
      takeBackCpus();
    },
  };
}

function withoutValue<T>(reading: Reading<T>): Reading<T> {
  return 'value' in reading ? noWindowYet : reading;
}

const notCounting = { unavailable: 'absent', detail: 'no counters are attached' } as const;

/** What was read so far is of the shell that was to become the command, and not of the command. */
function neverSeen(shell: TargetFacts): TargetFacts {
  const gone = { unavailable: 'absent', detail: 'the command ended before this could be read' } as const;
  const { pid, startTimeTicks, uid, namespacePid } = shell;
  return {
    ...{ pid, startTimeTicks, uid, namespacePid },
    ...{ comm: gone, exe: gone, commandLine: gone, bits: gone, linkage: gone, mappings: gone, sysinfoEhdr: gone },
    ...{ libc: gone, runtime: gone, interposers: gone, vdso: gone, cgroup: gone },
    ...{ tracerPid: gone, seccompMode: gone, otherTimeNamespace: gone, children: gone },
  };
}

function ownCost(
  samplerNs: number,
  addedNsPerEntry: Reading<number>,
): Omit<Snapshot['cost'], 'nsPerBreakpointHit' | 'nsPerCountedHit' | 'nsPerCpuSample' | 'probesNs'> {
  const { user, system } = process.cpuUsage();
  return {
    cpuTimeNs: (user + system) * 1_000,
    samplerNs,
    rssBytes: process.memoryUsage.rss(),
    addedNsPerEntry,
  };
}
