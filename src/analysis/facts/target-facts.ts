import type { Basis } from '../basis.ts';
import { type CollectedReadings, collectedFacts } from './collected-facts.ts';
import { type DerivedReadings, derivedFacts } from './derived-facts.ts';
import type { Facts } from './facts.ts';

/** What rules may ask about the whole target and the host. The keys are the names a missing reading is called by. */
export type TargetReadings = CollectedReadings & DerivedReadings;

export function targetFacts(basis: Basis): Facts<TargetReadings> {
  return { ...collectedFacts(basis), ...derivedFacts(basis) };
}
