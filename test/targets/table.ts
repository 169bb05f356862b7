import { fastTargets } from './table/fast.ts';
import { neighbourTargets } from './table/neighbours.ts';
import { slowTargets } from './table/slow.ts';
import { surroundedTargets } from './table/surroundings.ts';
import type { Target } from './target.ts';

/** All real targets, in the order in which docs/targets.md shows them. */
export const targetTable: readonly { readonly heading: string; readonly targets: readonly Target[] }[] = [
  { heading: 'Fast', targets: fastTargets },
  { heading: 'Slow', targets: slowTargets },
  { heading: 'Surroundings', targets: surroundedTargets },
  { heading: 'Near neighbours', targets: neighbourTargets },
];
