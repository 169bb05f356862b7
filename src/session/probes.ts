import { createClockPageReader } from '../collect/clock-page.ts';
import { collectHost, collectSlowHost } from '../collect/host.ts';
import { type KernelEntries, openKernelEntries } from '../collect/kernel-entries.ts';
import { readOwnVdso } from '../collect/own-vdso.ts';
import { readClocksource } from '../collect/read-clocksource.ts';
import { createSampler } from '../collect/sampler.ts';
import { collectTarget } from '../collect/target.ts';
import { watchIdentity } from '../collect/watch-identity.ts';
import { watchKernelLog } from '../collect/watch-kernel-log.ts';
import type { HostFacts, Reading, Snapshot, TargetFacts, TimingSample } from '../model.ts';
import { createActivity } from './activity.ts';
import { createChildrenReads } from './children-reads.ts';
import { priceOfCounting } from './counting-price.ts';
import type { EventLog } from './event-log.ts';
import { createWitness } from './witness.ts';

export interface ProbeOptions {
  readonly pid: number;
  readonly counter: 'auto' | 'bpf' | 'perf';
  /** Count the descendants of the target too. */
  readonly children: boolean;
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
  unwatched(): readonly TimingSample[];
  close(): void;
}

/** `onBreak` is called when what was counted before can no longer be compared: exec, or a new clocksource. */
export function createProbes(options: ProbeOptions, events: EventLog, onBreak: () => void): Probes {
  const { pid } = options;
  const startedMs = performance.now();
  const identity = watchIdentity(pid);
  const sampler = createSampler();
  const clockPage = createClockPageReader();
  const kernelLog = watchKernelLog();
  const activity = createActivity(pid, options.children);
  const childrenReads = createChildrenReads(pid);
  let host: HostFacts = collectHost(readOwnVdso());
  let target: TargetFacts = collectTarget(pid);
  let unwatched: readonly TimingSample[] = [];
  let counter: KernelEntries | undefined;
  let witness = createWitness(target, host);
  let addedNsPerEntry: Reading<number> = { unavailable: 'absent', detail: 'not measured yet' };
  let lastEntries: Snapshot['entries'] = { unavailable: 'absent', detail: 'counters are not attached yet' };
  let clockMode: string | undefined;
  let lastActivity: Snapshot['activity'] = { unavailable: 'absent', detail: 'not read yet' };
  let ended = false;
  let expectsExec = options.startsWithExec;

  const arm = async () => {
    unwatched = await sampler.price();
    addedNsPerEntry = await priceOfCounting(sampler, unwatched);
    counter = openKernelEntries(identityOf(target), { method: options.counter, children: options.children });
    witness.start();
    events.note('attached', `counting the kernel entries of pid ${pid}`);
  };

  /** Prices belong to a clocksource: after a switch they are taken anew, with the counters off for that moment. */
  const rearm = async () => {
    counter?.close();
    events.note('gap', 'not counting while the paths are priced anew');
    onBreak();
    await arm();
  };

  const followTarget = () => {
    const state = identity.check();
    if (state === 'same') return;
    if (state === 'exec') {
      target = collectTarget(pid);
      witness.close();
      witness = createWitness(target, host);
      witness.start();
      events.note('target-exec', `the target became ${'value' in target.comm ? target.comm.value : 'another program'}`);
      if (!expectsExec) onBreak();
      expectsExec = false;
      return;
    }
    ended = true;
    events.note(
      'target-ended',
      state === 'reused' ? 'the target ended and its pid was given away' : 'the target ended',
    );
  };

  const followHost = async () => {
    const before = host.currentClocksource;
    const now = readClocksource();
    if (!('value' in before) || !('value' in now) || before.value === now.value) return;
    host = { ...host, ...collectHost(host.ownVdso), ...slowFactsOf(host) };
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

  return {
    arm,
    async snapshot(idleForMs) {
      if (!ended) followTarget();
      if (!ended) await followHost();
      for (const { text } of kernelLog.poll()) events.note('kernel-log', text);
      const timings = ended ? [] : await sampler.sample(counter !== undefined);
      for (const child of activity.newDescendants()) counter?.watch(child);
      if (counter !== undefined) lastEntries = counter.read();
      if (ended) counter?.close();
      const children = ended || options.children ? target.children : childrenReads.follow(target, host, idleForMs);
      const threads = 'value' in lastEntries ? lastEntries.value.threads : [];
      // What has ended has no threads to read: its last ones stand.
      if (!ended || !('value' in lastActivity)) lastActivity = activity.read(threads);
      return {
        atMs: Date.now(),
        elapsedMs: performance.now() - startedMs,
        host,
        target: { ...target, children },
        activity: lastActivity,
        entries: lastEntries,
        fastReads: witness.read(),
        clockPage: readClockPage(),
        timings,
        cost: ownCost(sampler.spentNs(), addedNsPerEntry),
        events: events.all(),
        ended,
      };
    },
    async readSlowFacts() {
      host = { ...host, ...(await collectSlowHost()) };
    },
    unwatched: () => unwatched,
    close() {
      counter?.close();
      witness.close();
      childrenReads.close();
      kernelLog.close();
      identity.close();
    },
  };
}

function identityOf(target: TargetFacts) {
  return {
    pid: target.pid,
    ...('value' in target.namespacePid && { namespacePid: target.namespacePid.value }),
    ...('value' in target.bits && { bits: target.bits.value }),
  };
}

function slowFactsOf({ kernelLog, distribution, machineModel }: HostFacts) {
  return { kernelLog, distribution, machineModel };
}

function ownCost(samplerNs: number, addedNsPerEntry: Reading<number>): Snapshot['cost'] {
  const { user, system } = process.cpuUsage();
  return { cpuTimeNs: (user + system) * 1_000, samplerNs, rssBytes: process.memoryUsage.rss(), addedNsPerEntry };
}
