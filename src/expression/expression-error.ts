/** What is wrong with an expression, and where: the message has the text with a caret under the place. */
export class ExpressionError extends Error {
  /** In the text, from 0. */
  readonly at: number;

  constructor(text: string, at: number, length: number, problem: string) {
    super(`${problem}\n  ${oneLine(text)}\n  ${' '.repeat(at)}${'^'.repeat(Math.max(length, 1))}`);
    this.at = at;
  }
}

/** Character for character, so that the caret stays under its place; nothing in it moves a terminal's cursor. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7eµ≥≤]/g, '?');
}
