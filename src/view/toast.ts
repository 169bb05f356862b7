/** A sentence that stands on the screen for a moment. */
export interface Toast {
  readonly text: string;
  /** What a click on it opens, a URL. */
  readonly link?: string;
}
