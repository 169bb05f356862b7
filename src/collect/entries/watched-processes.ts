import { existsSync } from 'node:fs';
import type { NativeLibrary } from '../../native/load-native-library.ts';
import { available } from '../reading.ts';
import { type EntryIdentity, readEntryIdentity } from './entry-identity.ts';
import { watchTree } from './watch-tree.ts';

/** The set of processes that a BPF counter of a tree counts. */
export interface WatchedProcesses {
  /** Adds one that was seen later. */
  add(pid: number): void;
  /** Takes out some that have ended, whose numbers others will be given. */
  dropEnded(): void;
  /** Those that are there by our /proc; outside a PID namespace the target alone, as the kernel keeps the others. */
  pids(): Iterable<number>;
  /** Why the entries of some are not counted, or not all. */
  caveats(): readonly string[];
}

/** Looked at in their turn: each takes a few µs. */
const lookedAtOnce = 64;

export interface WatchedProcessesOf {
  readonly native: NativeLibrary;
  readonly handle: Uint8Array;
  readonly identity: EntryIdentity;
  readonly pid: number;
}

/** Watches the tree below `pid` from now on. */
export function createWatchedProcesses({ native, handle, identity, pid }: WatchedProcessesOf): WatchedProcesses {
  const { namespace } = identity;
  /** By the number that the kernel's programs know them by, which may be given away before the end of one was seen. */
  const children = new Map<number, number>();
  let unwatchable = 0;

  const watch = (child: number): boolean => {
    const known = child === pid ? available(identity, '') : readEntryIdentity(child);
    if ('unavailable' in known) return false;
    const { tgid } = known.value;
    const result = known.value.namespace?.inode === namespace?.inode ? native.vt_entries_watch(handle, tgid) : -1;
    if (result < 0) unwatchable += 1;
    else if (namespace !== undefined && child !== pid) children.set(tgid, child);
    return result === 0;
  };
  let late = !watchTree(pid, watch);

  return {
    add(child) {
      if (watch(child)) late = true;
    },
    /**
     * In the initial namespace a new process is watched or not by its parent, whoever had its number: what is gone may stay.
     */
    dropEnded() {
      for (const [tgid, child] of [...children].slice(0, lookedAtOnce)) {
        children.delete(tgid);
        if (existsSync(`/proc/${child}`)) children.set(tgid, child);
        else native.vt_entries_unwatch(handle, tgid);
      }
    },
    pids: () => [pid, ...children.values()],
    caveats() {
      const ofNamespace = 'inside a PID namespace a new child process is counted only from when vdsotop first saw it';
      const ofLate = 'child processes that vdsotop saw late are counted only from then on';
      return [
        ...(unwatchable > 0 ? [`${unwatchable} child processes, in PID namespaces of their own, are not counted`] : []),
        ...(namespace !== undefined ? [ofNamespace] : late ? [ofLate] : []),
      ];
    },
  };
}
