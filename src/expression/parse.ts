import { ExpressionError } from './expression-error.ts';
import type { ConditionSyntax, NameSyntax, OperandSyntax, Operator, Syntax } from './syntax.ts';
import { type Token, tokenise } from './tokenise.ts';

/** Deeper nesting is no condition that a person wrote. */
const deepest = 50;

/**
 * The text by this grammar, with `not` binding closest and `or` least:
 *
 *   condition  = any [ 'for' time ]
 *   any        = all { 'or' all }
 *   all        = single { 'and' single }
 *   single     = 'not' single | '(' any ')' | comparison
 *   comparison = operand ( '==' | '!=' | '>=' | '<=' | '>' | '<' ) operand
 *   operand    = number | name { '.' name } [ '(' name ')' ]
 *
 * Throws an ExpressionError.
 */
export function parse(text: string): ConditionSyntax {
  const reader = createReader(text);
  if (reader.peek().kind === 'end') throw reader.error(reader.peek(), 'an expression is expected here');
  const expression = readAny(reader, 0);
  const duration = reader.takeWord('for') ? readDuration(reader) : undefined;
  const rest = reader.peek();
  if (rest.kind !== 'end') throw reader.error(rest, "expected 'and', 'or', 'for' or the end of the expression");
  return { expression, ...(duration !== undefined && { duration }) };
}

interface Reader {
  peek(): Token;
  next(): Token;
  takeWord(word: string): boolean;
  takeSign(sign: string): boolean;
  error(token: Token, problem: string): ExpressionError;
}

function createReader(text: string): Reader {
  const tokens = tokenise(text);
  const last = tokens.length - 1;
  let at = 0;
  const peek = () => tokens[Math.min(at, last)] as Token;
  const take = (kind: Token['kind'], wanted: string) => {
    const found = peek().kind === kind && peek().text === wanted;
    if (found) at += 1;
    return found;
  };
  return {
    peek,
    next() {
      const token = peek();
      at += 1;
      return token;
    },
    takeWord: (word) => take('word', word),
    takeSign: (sign) => take('sign', sign),
    error: ({ at: place, length }, problem) => new ExpressionError(text, place, length, problem),
  };
}

function readAny(reader: Reader, depth: number): Syntax {
  let left = readAll(reader, depth);
  while (reader.takeWord('or')) left = { kind: 'or', left, right: readAll(reader, depth) };
  return left;
}

function readAll(reader: Reader, depth: number): Syntax {
  let left = readSingle(reader, depth);
  while (reader.takeWord('and')) left = { kind: 'and', left, right: readSingle(reader, depth) };
  return left;
}

function readSingle(reader: Reader, depth: number): Syntax {
  if (depth > deepest) throw reader.error(reader.peek(), 'this is nested too deeply');
  if (reader.takeWord('not')) return { kind: 'not', operand: readSingle(reader, depth + 1) };
  if (!reader.takeSign('(')) return readComparison(reader);
  const inner = readAny(reader, depth + 1);
  if (!reader.takeSign(')')) throw reader.error(reader.peek(), "expected ')' here");
  return inner;
}

function readComparison(reader: Reader): Syntax {
  const left = readOperand(reader);
  const token = reader.next();
  if (token.kind !== 'operator') throw reader.error(token, 'expected a comparison here: > >= < <= == or !=');
  return { kind: 'compare', operator: token.text as Operator, left, right: readOperand(reader) };
}

function readOperand(reader: Reader): OperandSyntax {
  const token = reader.next();
  if (token.kind === 'number') return { kind: 'number', token };
  return readName(reader, token);
}

function readName(reader: Reader, first: Token): NameSyntax {
  const parts = [asPart(reader, first, 'a quantity or a number is expected here')];
  while (reader.takeSign('.')) parts.push(asPart(reader, reader.next(), "a name is expected behind the '.'"));
  if (!reader.takeSign('(')) return { kind: 'name', parts };
  const argument = asPart(reader, reader.next(), 'a name is expected in the parentheses');
  if (!reader.takeSign(')')) throw reader.error(reader.peek(), "expected ')' here");
  return { kind: 'name', parts, argument };
}

const keywords = new Set(['and', 'or', 'not', 'for']);

function asPart(reader: Reader, token: Token, problem: string): Token {
  const isName = token.kind === 'string' || (token.kind === 'word' && !keywords.has(token.text));
  if (!isName) throw reader.error(token, problem);
  return token;
}

function readDuration(reader: Reader): Token {
  const token = reader.next();
  if (token.kind !== 'number') throw reader.error(token, "a time is expected behind 'for', such as 5s");
  return token;
}
