import { keepNewest } from '../collect/keep-newest.ts';
import type { ProcessTree } from '../collect/tree/process-tree.ts';
import type { TreeMember, TreeMembers } from '../collect/tree/tree-members.ts';
import type { EntryTotals } from '../model/entries.ts';
import type { Reading } from '../model/reading.ts';
import type { ProgramFacts, TreeFacts, TreeProcess } from '../model/tree-facts.ts';
import { createBusiestThreads } from './busiest-threads.ts';
import { withoutEarlyRuntime } from './without-early-runtime.ts';

/** Processes and programs that a snapshot holds at most. */
const mostProcesses = 1_024;
const mostPrograms = 32;
/** Processes that have ended and read clocks before. */
const mostEnded = 64;
const mostThreads = 128;

/** Who is in the tree, and what it runs, for snapshots; the same object as long as nothing changes. */
export function createTreeFacts(tree: ProcessTree, members: TreeMembers): (entries: Reading<EntryTotals>) => TreeFacts {
  const busiestThreads = createBusiestThreads();
  /** Of threads that entered, and what their processes ran when last seen. */
  const threads = new Map<number, number>();
  const readers = new Map<number, TreeMember>();
  let latest: TreeFacts | undefined;
  let latestKey = '';

  const follow = (entries: Reading<EntryTotals>) => {
    const busiest = 'value' in entries ? busiestThreads(entries.value.threads) : [];
    for (const tid of busiest) {
      const member = members.ofThread(tid);
      if (member === undefined) continue;
      threads.set(tid, member.pid);
      readers.delete(member.pid);
      readers.set(member.pid, member);
    }
    for (const [pid, { image }] of readers) {
      const member = members.of(pid);
      // Read again meanwhile; another program is not what it ran when it read clocks.
      if (member?.image.stamp === image.stamp) readers.set(pid, member);
    }
    keepNewest(threads, mostThreads);
    keepNewest(readers, mostEnded);
  };

  return (entries) => {
    follow(entries);
    const programs = new Map<string, ProgramFacts>();
    const describe = (pid: number, facts: ProgramFacts | undefined, comm: string | undefined): TreeProcess => ({
      pid,
      ...(comm !== undefined && { comm }),
      ...programIndex(programs, facts),
    });
    const pids = tree.pids();
    const living = new Set(pids);
    const ended = [...readers.values()].filter(({ pid }) => !living.has(pid)).map(atItsEnd);
    for (const member of ended) readers.set(member.pid, member);
    const processes = [
      ...pids.slice(0, mostProcesses).map((pid) => describe(pid, members.of(pid)?.facts, members.of(pid)?.image.comm)),
      ...ended.map(({ pid, facts, image }) => ({ ...describe(pid, facts, image.comm), ended: true as const })),
    ];
    const ofThreads = Object.fromEntries([...threads].filter(([tid, pid]) => tid !== pid));
    const key = JSON.stringify([pids.length, processes, [...programs.keys()], ofThreads]);
    if (latest !== undefined && key === latestKey) return latest;
    latestKey = key;
    latest = { processCount: pids.length, processes, programs: [...programs.values()], threads: ofThreads };
    return latest;
  };
}

/** What can be said of one that has ended. */
function atItsEnd(member: TreeMember): TreeMember {
  return member.isEarly ? { ...member, facts: withoutEarlyRuntime(member.facts), isEarly: false } : member;
}

function programIndex(programs: Map<string, ProgramFacts>, facts: ProgramFacts | undefined) {
  if (facts === undefined) return {};
  const key = keyOf(facts);
  if (!programs.has(key) && programs.size >= mostPrograms) return {};
  programs.set(key, programs.get(key) ?? facts);
  return { program: [...programs.keys()].indexOf(key) };
}

const keys = new WeakMap<ProgramFacts, string>();

/** By what was read, wherever it was read from. */
function keyOf(facts: ProgramFacts): string {
  const known = keys.get(facts);
  if (known !== undefined) return known;
  const key = JSON.stringify(facts, (name, value: unknown) => (name === 'source' ? undefined : value));
  keys.set(facts, key);
  return key;
}
