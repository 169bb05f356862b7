import { readThreadRunTime } from '../process/read-thread-run-time.ts';
import type { ProcessOf } from '../tree/process-tree.ts';

/** Threads looked at in the first round, and in each later one: a glance at one takes some 10 µs. */
const candidatesAtFirst = 1_024;
const candidates = 32;

/**
 * Picks at most `count` threads a round, those that burnt most CPU time since they were last looked at, or ever; every
 * thread comes among the candidates in its turn, and those picked last stay among them.
 */
export function createBusyThreads(processOf: ProcessOf, count: number): (tids: readonly number[]) => readonly number[] {
  const burntNs = new Map<number, number>();
  let turn = 0;
  let picked: readonly number[] = [];

  return (tids) => {
    if (tids.length <= count) return tids;
    const present = new Set(tids);
    for (const tid of burntNs.keys()) if (!present.has(tid)) burntNs.delete(tid);
    const length = Math.min(burntNs.size === 0 ? candidatesAtFirst : candidates, tids.length);
    const round = Array.from({ length }, (_, at) => tids[(turn + at) % tids.length] ?? 0);
    turn = (turn + length) % tids.length;
    const looked = [...new Set([...picked.filter((tid) => present.has(tid)), ...round])].map((tid) => {
      const now = runTimeNs(processOf(tid), tid);
      const burnt = now - (burntNs.get(tid) ?? 0);
      burntNs.set(tid, now);
      return { tid, burnt };
    });
    picked = looked
      .sort((a, b) => b.burnt - a.burnt)
      .slice(0, count)
      .map(({ tid }) => tid);
    return picked;
  };
}

/** 0 where it cannot be read: a lesser candidate. */
function runTimeNs(pid: number | undefined, tid: number): number {
  return (pid === undefined ? undefined : readThreadRunTime(pid, tid)?.cpuNs) ?? 0;
}
