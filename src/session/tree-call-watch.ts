import { createCallSiteTally } from '../collect/calls/call-site-tally.ts';
import { createTreeCallSamples } from '../collect/calls/tree-call-samples.ts';
import type { ProcessTree } from '../collect/tree/process-tree.ts';
import { siteProgramOf } from '../collect/tree/site-program.ts';
import type { TreeMembers } from '../collect/tree/tree-members.ts';
import { createTreeResolver } from '../collect/tree/tree-resolver.ts';
import type { CallSites } from '../model/call-sites.ts';
import type { Unavailable } from '../model/reading.ts';
import type { CallWatch } from './call-watch.ts';

/** Each process has call sites of its own. */
const mostSites = 1_024;

const ofOneProcess: Unavailable = {
  unavailable: 'unsupported',
  detail: 'vDSO calls are witnessed of one process, not of a tree',
};

/** The same watch over the processes of a tree: where their reads enter the kernel. */
export function createTreeCallWatch(pid: number, tree: ProcessTree, members: TreeMembers): CallWatch {
  const samples = createTreeCallSamples(pid, tree, members);
  const resolver = createTreeResolver();
  const tally = createCallSiteTally(undefined, mostSites);
  let unresolved = 0;

  const read = (): CallSites => {
    const sites = tally.read(samples.lost() + unresolved);
    const obstacles = resolver.obstacles();
    return obstacles.length === 0 ? sites : { ...sites, obstacles };
  };
  return {
    start() {},
    follow: samples.follow,
    fastReads: () => ofOneProcess,
    takeFastWindows: () => [],
    add() {},
    callSites() {
      const taken = samples.takeSamples();
      const resolved = resolver.resolve(taken);
      unresolved += taken.length - resolved.length;
      for (const { sample, member, resolved: places } of resolved) {
        const process = { pid: member.pid, comm: member.image.comm };
        tally.add(sample, places, { process, program: siteProgramOf(member.facts) });
      }
      const sites = read();
      const failure = sites.samples.kernel === 0 ? samples.failure() : undefined;
      return failure ?? { value: sites, source: 'perf events at system call entry' };
    },
    spentNs: () => 0,
    close() {
      samples.close();
      resolver.close();
    },
  };
}
