import { setImmediate } from 'node:timers/promises';
import type { HostFacts } from '../../model/host.ts';
import type { Reading } from '../../model/reading.ts';
import { listPids } from '../process/list-pids.ts';
import { ownPid } from '../process/own-pid.ts';
import { readInInitialPidNamespace } from '../process/pid-namespace.ts';
import { available, mapReading, unavailable } from '../reading.ts';
import { type BpfLink, readBpfLinks } from './bpf-links.ts';
import { hasFullSight } from './has-full-sight.ts';
import { readEnabledClockEvents } from './trace-events.ts';
import { describeUnheldLinks } from './unheld-links.ts';
import { lookAtWatcher, type Watcher } from './watcher-descriptors.ts';
import { whyHidden } from './why-hidden.ts';

/** A large host has some ten thousand processes; each takes some 0.1 ms. */
const maxProcesses = 20_000;
/** How many are looked at before others get their turn. */
const processesAtOnce = 16;

/**
 * Who else watches clock system calls, one sentence each: ftrace events that are switched on, and processes with BPF
 * programs there, or links that are pinned and held by none. Empty only where all descriptors and links could be seen and none
 * can be such a watcher; never our own.
 */
export async function readOtherWatchers(most = maxProcesses): Promise<HostFacts['otherWatchers']> {
  const events = readEnabledClockEvents();
  const pids = othersPids();
  const before = await readBpfLinks();
  const watchers = await lookAtAll(pids.slice(0, most));
  const links = stillThere(before, await readBpfLinks());
  const unheld = describeUnheldLinks('value' in links ? links.value : [], heldBy(watchers));
  const found = [
    ...('value' in events ? events.value.map((event) => `ftrace event ${event} is switched on`) : []),
    ...watchers.flatMap(({ watches }) => watches),
    ...unheld.watches,
  ];
  const source = `${'value' in events ? events.source : 'no ftrace'}; descriptors of ${watchers.length} processes; BPF links`;
  if (found.length > 0) return available(found, source);
  if ('unavailable' in events) return events;
  const unknown = whyUnknown(watchers, unheld.unclear, pids.length - watchers.length);
  return unknown ?? ('unavailable' in links ? links : available([], source));
}

/** One that came or went while descriptors were looked at may have been held by a process all the same. */
function stillThere(before: BpfLinks, after: BpfLinks): BpfLinks {
  const ids = new Set('value' in before ? before.value.map(({ id }) => id) : []);
  return mapReading(after, (links) => links.filter(({ id }) => ids.has(id)));
}

function heldBy(watchers: readonly Watcher[]): ReadonlySet<number> {
  return new Set(watchers.flatMap(({ links }) => links));
}

type BpfLinks = Reading<readonly BpfLink[]>;

function othersPids(): readonly number[] {
  const own = ownPid();
  return listPids().filter((pid) => pid !== own);
}

async function lookAtAll(pids: readonly number[]): Promise<readonly Watcher[]> {
  const watchers: Watcher[] = [];
  for (let at = 0; at < pids.length; at += processesAtOnce) {
    for (const pid of pids.slice(at, at + processesAtOnce)) watchers.push(lookAtWatcher(pid));
    await setImmediate();
  }
  return watchers;
}

function whyUnknown(
  watchers: readonly Watcher[],
  unheld: readonly string[],
  unseen: number,
): HostFacts['otherWatchers'] | undefined {
  const hidden = watchers.flatMap(({ hidden: who }) => (who === false ? [] : [who]));
  if (hidden.length > 0) return whyHidden(hidden, watchers.length, hasFullSight());
  const initial = readInInitialPidNamespace();
  if ('unavailable' in initial) return initial;
  if (!initial.value)
    return unavailable(
      'unsupported',
      'processes outside this PID namespace do not show here, and any of them may hold a perf event',
      'run vdsotop in the PID namespace of the host',
    );
  const unclear = [
    ...watchers.flatMap(({ unclear: reasons }) => reasons),
    ...unheld,
    ...(unseen > 0 ? [`${unseen} processes more than were looked at`] : []),
  ];
  const [first] = unclear;
  if (first === undefined) return undefined;
  const more = unclear.length > 1 ? ` (and ${unclear.length - 1} more)` : '';
  return unavailable('unsupported', `${first}${more}`);
}
