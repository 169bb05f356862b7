import type { Evidence, Fix, Layer, Missing, Role } from '../model/findings.ts';
import type { Interval } from '../model/interval.ts';
import type { CallOrigin } from './call-origin.ts';
import type { ClockReadings } from './facts/clock-facts.ts';
import type { TargetReadings } from './facts/target-facts.ts';

/** The values a rule sees: all it needs, and of what it may use those that could be read. */
export type Seen<R, N extends keyof R, M extends keyof R> = Pick<R, N> & Partial<Pick<R, M>>;

/** A rule: what it is about, which readings it may see, and how they speak for or against it. */
export interface RuleDefinition<R, N extends keyof R, M extends keyof R> {
  /** Public and stable. */
  readonly id: string;
  readonly layer: Layer;
  readonly role: Role;
  /** States the cause as if it held. */
  readonly title: string;
  /** Without any one of these the verdict is unknown. */
  readonly needs: readonly [N, ...N[]];
  /** Seen where they could be read. */
  readonly mayUse?: readonly M[];
  readonly weigh: (seen: Seen<R, N, M>) => readonly Evidence[];
  /** Ends the headline after "…; ". */
  readonly clause?: (seen: Seen<R, N, M>) => string;
  /** Names of the reads it accounts for, where it holds. */
  readonly covers?: (seen: Seen<R, N, M>) => readonly string[];
  readonly fix?: (seen: Seen<R, N, M>) => Fix | undefined;
  readonly saves?: (seen: Seen<R, N, M>) => Interval | undefined;
  /** Ids of findings it follows from, where they hold. */
  readonly because?: readonly string[];
  /** What nothing of vdsotop reads and what would decide, told where the evidence does not. */
  readonly undecidedWithout?: Missing;
  /** Which sampled entries are of its making; a cause without one makes a read enter wherever it is called from. */
  readonly origin?: CallOrigin;
  readonly reference: string;
}

/** A rule in the table: it no longer says which readings it sees, only their names. */
export interface Rule extends Omit<RuleDefinition<never, never, never>, 'needs' | 'mayUse' | Judging> {
  readonly scope: 'clock' | 'target';
  readonly needs: readonly (keyof ClockReadings)[];
  readonly mayUse: readonly (keyof ClockReadings)[];
  readonly weigh: (seen: never) => readonly Evidence[];
  readonly clause?: (seen: never) => string;
  readonly covers?: (seen: never) => readonly string[];
  readonly fix?: (seen: never) => Fix | undefined;
  readonly saves?: (seen: never) => Interval | undefined;
}

type Judging = 'weigh' | 'clause' | 'covers' | 'fix' | 'saves';

/** Judged once for the whole target. */
export function targetRule<N extends keyof TargetReadings, M extends keyof TargetReadings = never>(
  definition: RuleDefinition<TargetReadings, N, M>,
): Rule {
  return { ...definition, scope: 'target', mayUse: definition.mayUse ?? [] };
}

/** Judged for each clock that was read. */
export function clockRule<N extends keyof ClockReadings, M extends keyof ClockReadings = never>(
  definition: RuleDefinition<ClockReadings, N, M>,
): Rule {
  return { ...definition, scope: 'clock', mayUse: definition.mayUse ?? [] };
}

/** Short forms for evidence, so that a rule reads as its sentences. */
export function supports(strength: Evidence['strength'], seen: string, where: string): Evidence {
  return { direction: 'supports', strength, seen, where };
}

export function contradicts(strength: Evidence['strength'], seen: string, where: string): Evidence {
  return { direction: 'contradicts', strength, seen, where };
}
