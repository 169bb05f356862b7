/** Why something cannot be said: no permission, not there, not possible here, or an error while reading it. */
export type UnavailableReason = 'denied' | 'absent' | 'unsupported' | 'failed';

/** The absence of a value, with its reason. It stays this, never a default number, all the way to the screen. */
export interface Unavailable {
  readonly unavailable: UnavailableReason;
  /** One line for a person: what was tried and what answered. */
  readonly detail: string;
  /** The exact command or setting that would supply the value, where there is one. */
  readonly remedy?: string;
}

/** A value with where it comes from: a path or the name of a probe. */
export interface Available<T> {
  readonly value: T;
  readonly source: string;
}

export type Reading<T> = Available<T> | Unavailable;

/** A Reading as a Report carries it: the bare value, or why there is none. */
export type Known<T> = T | Unavailable;
