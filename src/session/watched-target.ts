import { processAgeMs } from '../collect/process/process-age.ts';
import type { CommandFacts } from '../collect/process/read-command.ts';
import { collectTarget } from '../collect/process/target.ts';
import { type IdentityChange, watchIdentity } from '../collect/process/watch-identity.ts';
import type { TargetFacts } from '../model/target.ts';
import { commandNeverSeen } from './command-never-seen.ts';
import type { EventLog } from './event-log.ts';
import { sameVdso } from './same-vdso.ts';
import { createSettlingFacts } from './settling-facts.ts';
import { createThreadFactsFollower } from './thread-facts.ts';
import { withCommand } from './with-command.ts';

/** What a look at the target found: the same program, other code of it than was read before, another program, or its end. */
export type TargetChange = 'same' | 'other-code' | 'exec' | 'ended';

/** The target as it changes: what it runs is read again where it has become another, and what happens is an event. */
export interface WatchedTarget {
  facts(): TargetFacts;
  /** It is the shell that a command is about to replace: its first exec is its beginning and not a break. */
  isToExec(): boolean;
  hasEnded(): boolean;
  follow(): TargetChange;
  close(): void;
}

export interface CommandStart {
  /** The target is a command about to be started: its first exec is its beginning and not a break. */
  readonly startsWithExec: boolean;
  /** What is known of that command before it runs. */
  readonly command?: CommandFacts | undefined;
}

export function createWatchedTarget(
  pid: number,
  { startsWithExec, command }: CommandStart,
  events: EventLog,
): WatchedTarget {
  const identity = watchIdentity(pid);
  const threadFacts = createThreadFactsFollower(pid);
  const settlingFacts = createSettlingFacts(pid);
  let target = collectTarget(pid);
  let isToExec = startsWithExec;
  let ended = false;
  /** It runs the command that was started, and no other that this one has become. */
  let isCommand = startsWithExec;
  if (!startsWithExec) settlingFacts.began(processAgeMs(target));

  const completed = (facts: TargetFacts) => (isCommand && command !== undefined ? withCommand(facts, command) : facts);

  const changeTo = (change: Exclude<IdentityChange, 'same'>): TargetChange => {
    if (change === 'exec') {
      isCommand = isToExec;
      target = completed(collectTarget(pid));
      settlingFacts.began(0);
      events.note('target-exec', `the target became ${'value' in target.comm ? target.comm.value : 'another program'}`);
      isToExec = false;
      return 'exec';
    }
    ended = true;
    target = isToExec ? commandNeverSeen(target, command) : settlingFacts.last(target);
    events.note('target-ended', change === 'reused' ? 'the target ended, its pid was given away' : 'the target ended');
    return 'ended';
  };
  const settle = (): TargetChange => {
    const facts = settlingFacts.follow(target);
    if (facts === target) return 'same';
    // What was read across an exec, or as the target ended, is of neither.
    const meanwhile = identity.check();
    if (meanwhile !== 'same') return changeTo(meanwhile);
    if ('unavailable' in facts.mappings && 'value' in target.mappings) return 'same';
    const isSame = sameVdso(target, facts);
    target = completed(facts);
    return isSame ? 'same' : 'other-code';
  };

  return {
    facts: () => target,
    isToExec: () => isToExec,
    hasEnded: () => ended,
    follow() {
      const change = identity.check();
      const found = change === 'same' ? settle() : changeTo(change);
      if (!ended) target = threadFacts.follow(target);
      return found;
    },
    close: identity.close,
  };
}
