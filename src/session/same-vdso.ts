import type { TargetFacts } from '../model/target.ts';

/** Whether the probes that stand on the vDSO of `before` stand right by what was read again. */
export function sameVdso(before: TargetFacts, after: TargetFacts): boolean {
  return placeOf(before) === placeOf(after);
}

function placeOf({ bits, mappings }: TargetFacts): string {
  const vdso = 'value' in mappings ? mappings.value.find(({ name }) => name === '[vdso]') : undefined;
  return JSON.stringify(['value' in bits && bits.value, vdso?.start]);
}
