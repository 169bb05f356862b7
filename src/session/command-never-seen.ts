import type { CommandFacts } from '../collect/process/read-command.ts';
import type { TargetFacts } from '../model/target.ts';
import { endedTooSoon } from './ended-too-soon.ts';

/**
 * A command of which nothing was read: what was is of the shell that was to become it. Its word size stands where it is that of
 * the shell, as it was by counters for that one that it was counted.
 */
export function commandNeverSeen(shell: TargetFacts, command: CommandFacts | undefined): TargetFacts {
  const gone = endedTooSoon;
  const { pid, startTimeTicks, uid, namespacePid } = shell;
  const { bits, ...known } = command ?? {};
  const wasCounted = bits !== undefined && bitsOf(bits) === bitsOf(shell.bits);
  return {
    ...{ pid, startTimeTicks, uid, namespacePid },
    ...{ comm: gone, exe: gone, commandLine: gone, bits: gone, linkage: gone, mappings: gone, sysinfoEhdr: gone },
    ...{ libc: gone, runtime: gone, interposers: gone, vdso: gone, cgroup: gone },
    ...{ tracerPid: gone, seccompMode: gone, otherTimeNamespace: gone, children: gone },
    ...known,
    ...(wasCounted && { bits }),
  };
}

function bitsOf(bits: TargetFacts['bits']): number | undefined {
  return 'value' in bits ? bits.value : undefined;
}
