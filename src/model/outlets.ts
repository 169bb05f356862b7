/** A recording under way, or one that had to end. */
export interface Recording {
  readonly path: string;
  /** Written so far; where that is nothing when it is over, there is no file. */
  readonly bytes: number;
  /** Why nothing more is written: 'No space left on device'. */
  readonly failure?: string;
}

/** What keys do outside the screen: files, the clipboard. The screen only calls, and shows what is answered. */
export interface Outlets {
  /** Begins or ends a recording; one sentence about it. */
  toggleRecording(): Promise<string>;
  /** Undefined when nothing is recorded. */
  recording(): Recording | undefined;
}
