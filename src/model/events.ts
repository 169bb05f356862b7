export type SessionEventKind =
  | 'attached'
  | 'clocksource-switched'
  | 'target-exec'
  | 'target-ended'
  | 'clock-mode-changed'
  | 'kernel-log'
  | 'clock-stepped-back'
  | 'time-jumped'
  | 'throttled'
  | 'trigger'
  | 'gap'
  | 'reset';

/** Something that happened at a moment and explains a change. */
export interface SessionEvent {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly kind: SessionEventKind;
  readonly text: string;
}
