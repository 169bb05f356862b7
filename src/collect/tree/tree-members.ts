import type { TargetFacts } from '../../model/target.ts';
import type { ProgramFacts } from '../../model/tree-facts.ts';
import { keepNewest } from '../keep-newest.ts';
import { processAgeMs } from '../process/process-age.ts';
import { readThreadFacts } from '../process/read-thread-facts.ts';
import { collectTarget } from '../process/target.ts';
import { compareTimeNamespace } from '../process/time-namespace.ts';
import type { ProcessTree } from './process-tree.ts';
import { type ProgramImage, readProgramImage } from './program-image.ts';

/** A process of the tree, and the program that it runs. */
export interface TreeMember {
  readonly pid: number;
  readonly image: ProgramImage;
  /** Since when it is known to run that program; milliseconds of our monotonic clock. */
  readonly sinceMs: number;
  /** Those of the program are read once for all that were forked with it. */
  readonly facts: ProgramFacts;
  /** They were read as the program began, and not yet again. */
  readonly isEarly: boolean;
}

/** The processes of a tree whose program is known. */
export interface TreeMembers {
  /** Looks at those that came, and again at some of the others. To be called after the tree was looked at. */
  refresh(): void;
  of(pid: number): TreeMember | undefined;
  /** `now`: as in ProcessTree.processOf. */
  ofThread(tid: number, now?: 'now'): TreeMember | undefined;
  all(): readonly TreeMember[];
}

/** A new program costs some 30 ms: so many a refresh. */
const programsAtOnce = 2;
const mostPrograms = 64;
/** Known processes that are looked at again each time, and those whose threads' states are read again. */
const lookedAgain = 64;
const readAgain = 8;
/** What is read of a program that began less than this ago is read again then: its loader may still be at work. */
const settledMs = 1_000;
/** Processes that are kept at most: looking at one takes some 50 µs, and half a kilobyte. */
const mostMembers = 1_024;

interface Program {
  readonly facts: ImageFacts;
  /** When they are to be read again; milliseconds of our monotonic clock. */
  readonly againAtMs: number;
}

type ImageFacts = Omit<ProgramFacts, 'tracerPid' | 'seccompMode' | 'otherTimeNamespace'>;

export function createTreeMembers(tree: ProcessTree): TreeMembers {
  const members = new Map<number, TreeMember>();
  const programs = new Map<string, Program>();
  /** What each process ran at the first look; most of their programs are read later than that. */
  const atFirst = new Map<number, string>();
  let programsLeft = 0;
  let refreshes = 0;
  let turn = 0;

  const read = (pid: number, { key, stamp }: ProgramImage): ImageFacts | undefined => {
    if (programsLeft === 0) return undefined;
    programsLeft -= 1;
    const isAgain = programs.has(key);
    const all = collectTarget(pid);
    // What was read across an exec is of neither program.
    if (readProgramImage(pid)?.stamp !== stamp) return undefined;
    const facts = imageFactsOf(all);
    // What was not there at first has come by fork or exec.
    const isSettled = isAgain || (atFirst.get(pid) === stamp && processAgeMs(all) >= settledMs);
    programs.set(key, { facts, againAtMs: isSettled ? Number.POSITIVE_INFINITY : performance.now() + settledMs });
    keepNewest(programs, mostPrograms);
    return facts;
  };
  const programOf = (pid: number, image: ProgramImage) => programs.get(image.key)?.facts ?? read(pid, image);
  /** For all that were forked with it. */
  const readAgainWhenSettled = (pid: number, image: ProgramImage): void => {
    const program = programs.get(image.key);
    if (program === undefined || program.againAtMs > performance.now()) return;
    const facts = read(pid, image);
    if (facts === undefined) return;
    for (const member of members.values())
      if (member.image.key === image.key)
        members.set(member.pid, { ...member, facts: { ...member.facts, ...facts }, isEarly: false });
  };
  const look = (pid: number, again: boolean): void => {
    const sinceMs = performance.now();
    const image = readProgramImage(pid);
    const known = members.get(pid);
    if (image !== undefined && refreshes === 1) atFirst.set(pid, image.stamp);
    if (image !== undefined && known?.image.stamp === image.stamp) {
      if (again || known.image.comm !== image.comm)
        members.set(pid, { ...known, image, ...(again && { facts: { ...known.facts, ...ownFactsOf(pid) } }) });
      readAgainWhenSettled(pid, image);
      return;
    }
    members.delete(pid);
    const facts = image && programOf(pid, image);
    if (image === undefined || facts === undefined) return;
    const isEarly = programs.get(image.key)?.againAtMs !== Number.POSITIVE_INFINITY;
    members.set(pid, { pid, image, sinceMs, facts: { ...facts, ...ownFactsOf(pid) }, isEarly });
  };
  return {
    refresh() {
      programsLeft = programsAtOnce;
      refreshes += 1;
      const pids = tree.pids().slice(0, mostMembers);
      const present = new Set(pids);
      for (const pid of members.keys()) if (!present.has(pid)) members.delete(pid);
      const fresh = pids.filter((pid) => !members.has(pid));
      for (const pid of fresh) look(pid, false);
      const count = Math.min(lookedAgain, pids.length);
      for (let at = 0; at < count; at += 1) {
        const pid = pids[(turn + at) % pids.length];
        if (pid !== undefined && !fresh.includes(pid)) look(pid, at < readAgain);
      }
      turn = (turn + (pids.length > lookedAgain ? count : readAgain)) % Math.max(1, pids.length);
    },
    of: (pid) => members.get(pid),
    ofThread(tid, now) {
      const pid = tree.processOf(tid, now);
      return pid === undefined ? undefined : members.get(pid);
    },
    all: () => [...members.values()],
  };
}

function imageFactsOf(facts: TargetFacts): ImageFacts {
  const { bits, linkage, mappings, sysinfoEhdr, libc, runtime, interposers, vdso, vdsoWritten } = facts;
  return {
    ...{ bits, linkage, mappings, sysinfoEhdr, libc, runtime, interposers, vdso },
    ...(vdsoWritten !== undefined && { vdsoWritten }),
  };
}

/** What each process has for itself, whatever it was forked with. */
function ownFactsOf(pid: number): Pick<ProgramFacts, 'tracerPid' | 'seccompMode' | 'otherTimeNamespace'> {
  return { ...readThreadFacts(pid), otherTimeNamespace: compareTimeNamespace(`/proc/${pid}`) };
}
