import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import type { SampledProcesses } from '../cpu-samples/cpu-samples-target.ts';
import { createSampledCode, type SampledCode } from '../cpu-samples/sampled-code.ts';
import { vdsoToSample } from '../cpu-samples/vdso-to-sample.ts';
import { keepNewest } from '../keep-newest.ts';
import { createAskedMembers } from './asked-members.ts';
import type { ProcessTree } from './process-tree.ts';
import type { TreeMember, TreeMembers } from './tree-members.ts';

/** Programs whose vDSO is remembered; processes that were forked from one another share one. */
const mostCodes = 64;

/** Whose the sampled threads of a tree are. `wantsCalls`: samples in the vDSO come with their calls. */
export function createSampledProcesses(
  tree: ProcessTree,
  members: TreeMembers,
  ownVdso: Reading<VdsoImage>,
  wantsCalls: boolean,
): SampledProcesses {
  const codes = new Map<string, SampledCode | undefined>();
  const asked = createAskedMembers(members);

  const codeOfMember = ({ image: { key }, facts }: TreeMember): SampledCode | undefined => {
    if (codes.has(key)) return codes.get(key);
    const { place, image } = vdsoToSample(facts, ownVdso);
    const code = place && createSampledCode(place, wantsCalls ? image : undefined);
    codes.set(key, code);
    keepNewest(codes, mostCodes);
    return code;
  };
  return {
    processOf: tree.processOf,
    codeOf(tid) {
      const member = asked.of(tid);
      return member && codeOfMember(member);
    },
    stillRuns: asked.stillRuns,
  };
}
