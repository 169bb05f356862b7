import { collectTarget } from '../collect/process/target.ts';
import type { TargetFacts } from '../model/target.ts';
import { withoutEarlyRuntime } from './without-early-runtime.ts';

/** So long after a program began what it is is read again: some commands are over by the second time. */
const readAgainMs = [100, 1_000] as const;

/**
 * What is read as a program begins is of a process whose loader still works: libraries are not mapped yet, and a launcher
 * such as java has its runtime to load; a filter is installed a moment later. It is read again when that is over.
 */
export interface SettlingFacts {
  /** A program began so long ago. */
  began(ageMs: number): void;
  /** The same object as long as nothing is to be read again. */
  follow(target: TargetFacts): TargetFacts;
  /** What can be said of one that has ended: that it ran on no runtime, only if it was read again. */
  last(target: TargetFacts): TargetFacts;
}

export function createSettlingFacts(
  pid: number,
  now: () => number = () => performance.now(),
  collect: (pid: number) => TargetFacts = collectTarget,
): SettlingFacts {
  let dueMs: readonly number[] = [];
  let isEarly = false;

  return {
    began(ageMs) {
      const beganMs = now() - ageMs;
      dueMs = readAgainMs.map((afterMs) => beganMs + afterMs).filter((atMs) => atMs > now());
      isEarly = dueMs.length === readAgainMs.length;
    },
    follow(target) {
      const left = dueMs.filter((atMs) => atMs > now());
      if (left.length === dueMs.length) return target;
      dueMs = left;
      isEarly = false;
      return collect(pid);
    },
    last: (target) => (isEarly ? withoutEarlyRuntime(target) : target),
  };
}
