import { areBreakpointsDeaf } from '../collect/calls/are-breakpoints-deaf.ts';
import { createCallSiteTally } from '../collect/calls/call-site-tally.ts';
import { createTreeCallSamples, type MemberCall } from '../collect/calls/tree-call-samples.ts';
import type { TreeBreakpoints } from '../collect/calls/tree-vdso-windows.ts';
import type { ProcessTree } from '../collect/tree/process-tree.ts';
import { siteProgramOf } from '../collect/tree/site-program.ts';
import type { TreeMembers } from '../collect/tree/tree-members.ts';
import { createTreeResolver, type ResolvedMemberCall, type TreeResolver } from '../collect/tree/tree-resolver.ts';
import type { CallWatch } from './call-watch.ts';
import { createNameWait } from './name-wait.ts';
import { readSites } from './read-sites.ts';
import { withObstacles } from './with-obstacles.ts';

/** Each process has call sites of its own. */
const mostSites = 1_024;

/** The same watch over the processes of a tree. */
export function createTreeCallWatch(
  pid: number,
  tree: ProcessTree,
  members: TreeMembers,
  breakpoints: TreeBreakpoints,
): CallWatch {
  const samples = createTreeCallSamples(pid, tree, members, breakpoints);
  const byTime = breakpoints.budget > 0 && areBreakpointsDeaf(breakpoints.hitPrice) !== undefined;
  const resolver = createTreeResolver();
  const tally = createCallSiteTally(byTime ? 'time' : undefined, mostSites);
  let added: readonly MemberCall[] = [];
  const wait = createNameWait<ResolvedMemberCall>();
  let unresolved = 0;

  return {
    start: samples.start,
    follow: samples.follow,
    fastReads: samples.read,
    takeFastWindows: samples.takeWindows,
    takeFastCounts: samples.takeCounts,
    add(calls) {
      const known = calls.flatMap((sample): readonly MemberCall[] => {
        const member = members.ofThread(sample.tid);
        const isKnown = member !== undefined && member.sinceMs <= (sample.notBeforeMs ?? 0);
        return isKnown ? [{ sample, member }] : [];
      });
      added = [...added, ...known];
      unresolved += calls.length - known.length;
    },
    callSites(last = false) {
      const taken = [...samples.takeSamples(), ...added];
      added = [];
      const resolved = resolver.resolve(taken);
      unresolved += taken.length - resolved.length;
      for (const call of [...resolveAgain(wait.take(), resolver), ...resolved]) {
        const { sample, member, resolved: places } = call;
        if (!last && wait.putsOff(call, places)) continue;
        const process = { pid: member.pid, comm: member.image.comm };
        tally.add(sample, places, { process, program: siteProgramOf(member.facts) });
      }
      const sites = withObstacles(tally.read(samples.lost() + unresolved), resolver.obstacles());
      return readSites(sites, wait.length, samples.failure, byTime);
    },
    spentNs: samples.spentNs,
    close() {
      samples.close();
      resolver.close();
    },
  };
}

/** With the names that have come; as before where a process has ended meanwhile. */
function resolveAgain(calls: readonly ResolvedMemberCall[], resolver: TreeResolver): readonly ResolvedMemberCall[] {
  const again = resolver.resolve(calls.map(({ sample, member }) => ({ sample, member })));
  const bySample = new Map(again.map((call) => [call.sample, call]));
  return calls.map((call) => bySample.get(call.sample) ?? asItIs(call));
}

function asItIs({ resolved, ...call }: ResolvedMemberCall): ResolvedMemberCall {
  const { nameAwaited: _nameAwaited, ...named } = resolved;
  return { ...call, resolved: named };
}
