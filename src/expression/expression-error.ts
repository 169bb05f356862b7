/** What is wrong with an expression, and where: the message has the text with a caret under the place. */
export class ExpressionError extends Error {
  /** In the text, from 0. */
  readonly at: number;
  readonly problem: string;
  /** The text, and a caret under the place. */
  readonly place: readonly string[];

  constructor(text: string, at: number, length: number, problem: string) {
    const place = [`  ${oneLine(text)}`, `  ${' '.repeat(at)}${'^'.repeat(Math.max(length, 1))}`];
    super([problem, ...place].join('\n'));
    this.at = at;
    this.problem = problem;
    this.place = place;
  }
}

/** Character for character, so that the caret stays under its place; nothing in it moves a terminal's cursor. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7eµ≥≤]/g, '?');
}
