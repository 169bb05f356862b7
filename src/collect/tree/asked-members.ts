import { isStillRunning } from './is-still-running.ts';
import type { TreeMember, TreeMembers } from './tree-members.ts';

/** Threads that a probe asks about, as it was told of each when it last asked. */
export interface AskedMembers {
  of(tid: number): TreeMember | undefined;
  /** Whether the thread's process still runs what it did when it was asked about; false where it never was. */
  stillRuns(tid: number): boolean;
}

const mostThreads = 4_096;

export function createAskedMembers(members: TreeMembers): AskedMembers {
  const asked = new Map<number, TreeMember>();
  return {
    of(tid) {
      const member = members.ofThread(tid);
      if (member === undefined) return undefined;
      if (asked.size >= mostThreads) asked.clear();
      asked.set(tid, member);
      return member;
    },
    stillRuns(tid) {
      const member = asked.get(tid);
      return member !== undefined && isStillRunning(member);
    },
  };
}
