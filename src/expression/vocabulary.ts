/** Names that belong to other parts: an expression with another is refused while it is read. */
export interface Vocabulary {
  /** Of clocks and time functions, as reports have them; functions without their '()'. */
  readonly clocks: readonly string[];
  /** Ids of rules. */
  readonly rules: readonly string[];
}
