import type { Unavailable } from '../../model/reading.ts';
import type { MemberCall } from '../calls/tree-call-samples.ts';
import { type CallSiteResolver, createCallSiteResolver, type ResolvedCall } from '../code-places/call-site-resolver.ts';
import { createModuleFiles } from '../code-places/module-files.ts';
import { isStillRunning } from './is-still-running.ts';
import type { TreeMember } from './tree-members.ts';

/** Names the code that reads clocks in the processes of a tree, each by its own mappings. */
export interface TreeResolver {
  /**
   * Those that could be resolved: where a process has ended or called exec since, its mappings are no longer those of the
   * call, and the call is left out.
   */
  resolve(calls: readonly MemberCall[]): readonly ResolvedMemberCall[];
  /** As in CallSiteResolver; of all processes together, each reason once. */
  obstacles(): readonly Unavailable[];
  close(): void;
}

export interface ResolvedMemberCall extends MemberCall {
  readonly resolved: ResolvedCall;
}

/** Processes whose mappings are remembered; files are opened once for all of them. */
const mostResolvers = 32;
const mostFiles = 48;
const mostObstacles = 8;

interface Opened {
  readonly stamp: string;
  readonly resolver: CallSiteResolver;
}

export function createTreeResolver(): TreeResolver {
  const files = createModuleFiles(mostFiles);
  const opened = new Map<number, Opened>();
  const obstacles = new Map<string, Unavailable>();

  const shut = (pid: number, tells: boolean) => {
    const one = opened.get(pid);
    if (one === undefined) return;
    const told = tells ? one.resolver.obstacles() : [];
    for (const obstacle of told) if (obstacles.size < mostObstacles) obstacles.set(obstacle.detail, obstacle);
    one.resolver.close();
    opened.delete(pid);
  };
  const resolverOf = ({ pid, image }: TreeMember): CallSiteResolver => {
    const known = opened.get(pid);
    if (known?.stamp === image.stamp) {
      opened.delete(pid);
      opened.set(pid, known);
      return known.resolver;
    }
    shut(pid, false);
    const [oldest] = opened.keys();
    if (opened.size >= mostResolvers && oldest !== undefined) shut(oldest, true);
    const resolver = createCallSiteResolver(pid, { files });
    opened.set(pid, { stamp: image.stamp, resolver });
    return resolver;
  };
  const resolveOf = (member: TreeMember, calls: readonly MemberCall[]): readonly ResolvedMemberCall[] => {
    if (!isStillRunning(member)) return [];
    const resolver = resolverOf(member);
    const resolved = calls.map((call) => ({ ...call, resolved: resolver.resolve(call.sample) }));
    if (isStillRunning(member)) return resolved;
    // What was read while it ended or called exec is of no program.
    shut(member.pid, false);
    return [];
  };
  return {
    resolve: (calls) => [...Map.groupBy(calls, ({ member }) => member)].flatMap((group) => resolveOf(...group)),
    obstacles() {
      const open = [...opened.values()].flatMap(({ resolver }) => resolver.obstacles());
      const all = new Map([...obstacles.values(), ...open].map((obstacle) => [obstacle.detail, obstacle]));
      return [...all.values()].slice(0, mostObstacles);
    },
    close() {
      for (const pid of [...opened.keys()]) shut(pid, false);
      files.clear();
    },
  };
}
