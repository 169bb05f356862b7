import { ExpressionError } from './expression-error.ts';

export type TokenKind = 'word' | 'number' | 'string' | 'operator' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** A word or operator as written, a string without its quotes, a number's digits. */
  readonly text: string;
  /** Of a number: what stands right behind it ('us', '%', 'k/s'); else ''. */
  readonly unit: string;
  readonly at: number;
  readonly length: number;
}

/** Longest first where one begins another. A word may hold hyphens, as the ids of rules do. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['number', /(\d+(?:\.\d+)?)(%|\/s|[kM]\/s|[a-zA-Zµ]+)?/y],
  ['word', /([A-Za-z_][\w-]*)/y],
  ['string', /"([^"]*)"/y],
  ['operator', /(==|!=|>=|<=|>|<)/y],
  ['sign', /([().,])/y],
];

/** The expression cut into tokens, ended by one of kind 'end'. Throws an ExpressionError at what is no token. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skipBlanks(text, at + token.length);
  }
  return [...tokens, { kind: 'end', text: '', unit: '', at: text.trimEnd().length, length: 1 }];
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[1] ?? '', unit: match[2] ?? '', at, length: match[0].length };
  }
  throw new ExpressionError(text, at, 1, whatIsThis(text[at] ?? ''));
}

function whatIsThis(character: string): string {
  if (character === '=') return "'=' is no comparison: write '=='";
  if (character === '"') return 'this quotation has no end';
  if (character === '&' || character === '|' || character === '!') return "write 'and', 'or' and 'not' in words";
  return 'this character means nothing in an expression';
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}
