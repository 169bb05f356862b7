import { setImmediate } from 'node:timers/promises';
import type { HostFacts } from '../../model/host.ts';
import { listPids } from '../process/list-pids.ts';
import { ownPid } from '../process/own-pid.ts';
import { available, unavailable } from '../reading.ts';
import { readEnabledClockEvents } from './trace-events.ts';
import { lookAtWatcher, type Watcher } from './watcher-descriptors.ts';

/** A large host has some ten thousand processes; each takes some 0.1 ms. */
const maxProcesses = 20_000;
/** How many are looked at before others get their turn. */
const processesAtOnce = 16;

/**
 * Who else watches clock system calls, one sentence each: ftrace events that are switched on, and processes with BPF
 * programs there. Empty only where all descriptors could be seen and none can be such a watcher; never our own.
 */
export async function readOtherWatchers(most = maxProcesses): Promise<HostFacts['otherWatchers']> {
  const events = readEnabledClockEvents();
  const pids = othersPids();
  const watchers = await lookAtAll(pids.slice(0, most));
  const found = [
    ...('value' in events ? events.value.map((event) => `ftrace event ${event} is switched on`) : []),
    ...watchers.flatMap(({ watches }) => watches),
  ];
  const source = `${'value' in events ? events.source : 'no ftrace'}; descriptors of ${watchers.length} processes`;
  if (found.length > 0) return available(found, source);
  if ('unavailable' in events) return events;
  return whyUnknown(watchers, pids.length - watchers.length) ?? available([], source);
}

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

function whyUnknown(watchers: readonly Watcher[], unseen: number): HostFacts['otherWatchers'] | undefined {
  const hidden = watchers.filter(({ hidden: isHidden }) => isHidden);
  if (hidden.length > 0)
    return unavailable(
      'denied',
      `${hidden.length} of ${watchers.length} other processes do not show their file descriptors to us`,
      'sudo vdsotop (on the host, outside any container)',
    );
  const unclear = [
    ...watchers.flatMap(({ unclear: reasons }) => reasons),
    ...(unseen > 0 ? [`${unseen} processes more than were looked at`] : []),
  ];
  const [first] = unclear;
  if (first === undefined) return undefined;
  const more = unclear.length > 1 ? ` (and ${unclear.length - 1} more)` : '';
  return unavailable('unsupported', `${first}${more}`);
}
