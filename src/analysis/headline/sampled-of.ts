import type { Basis } from '../basis.ts';
import { mapKnown, orElse } from '../known.ts';
import { type SampledRead, sampleReads } from '../sampled-reads.ts';

/** Where entries of a read were sampled; undefined where none was. */
export function sampledOf(basis: Basis, name: string): SampledRead | undefined {
  return orElse(
    mapKnown(sampleReads(basis), ({ kernel }) => kernel.get(name)),
    undefined,
  );
}
