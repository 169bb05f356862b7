import type { Interval } from './interval.ts';

export type Layer = 'program' | 'libc' | 'vdso' | 'kernel' | 'clocksource' | 'machine';
export type FindingVerdict = 'confirmed' | 'likely' | 'possible' | 'ruled-out' | 'unknown';
export type Role = 'cause' | 'amplifier' | 'context';

export interface Evidence {
  readonly direction: 'supports' | 'contradicts';
  readonly strength: 'decisive' | 'strong' | 'weak';
  /** What was seen, one sentence, true as it stands. */
  readonly seen: string;
  /** Where: a path, a probe or a source. */
  readonly where: string;
}

/** A reading a rule lacked, and the command that would supply it. */
export interface Missing {
  readonly reading: string;
  readonly detail: string;
  readonly remedy?: string;
}

export interface Fix {
  readonly command: string;
  readonly effect: string;
  readonly risk: string;
  readonly reversible: boolean;
  /** The obvious fix that would not help here, and why. */
  readonly wouldNotHelp?: string;
}

export interface Finding {
  /** Public, stable, kebab-case (DESIGN.md §2). */
  readonly id: string;
  readonly layer: Layer;
  readonly role: Role;
  readonly title: string;
  readonly verdict: FindingVerdict;
  /** Name of the clock it is about (as in ClockSummary.name); absent when it is about the whole target or host. */
  readonly clock?: string;
  /** Names of the clocks and functions whose reads it accounts for; empty where it does not hold, or is about none. */
  readonly covers: readonly string[];
  /** Ids of findings that this one follows from. */
  readonly because: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly missing: readonly Missing[];
  readonly fix?: Fix;
  /** Core share that the fix would save, where it can be computed. */
  readonly savesCoreShare?: Interval;
  readonly reference: string;
}
