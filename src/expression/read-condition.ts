import type { Condition, Operand, Test } from './condition.ts';
import { ExpressionError } from './expression-error.ts';
import { parse } from './parse.ts';
import { isQuantity, resolveName } from './resolve-name.ts';
import type { NameSyntax, NumberSyntax, OperandSyntax, Syntax } from './syntax.ts';
import type { Token } from './tokenise.ts';
import { inOwnUnit, type Kind, kindWords } from './units.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The condition that a text states. Throws an ExpressionError for what is no expression or compares unlike things. */
export function readCondition(text: string, vocabulary: Vocabulary): Condition {
  const { expression, duration } = parse(text);
  const forSeconds = duration === undefined ? 0 : numberOf(text, duration, 'seconds');
  return { text, test: resolve({ text, vocabulary }, expression), forSeconds };
}

interface Context {
  readonly text: string;
  readonly vocabulary: Vocabulary;
}

function resolve(context: Context, syntax: Syntax): Test {
  if (syntax.kind === 'not') return { kind: 'not', operand: resolve(context, syntax.operand) };
  if (syntax.kind !== 'compare') {
    const { kind, left, right } = syntax;
    return { kind, left: resolve(context, left), right: resolve(context, right) };
  }
  const { operator, left, right } = syntax;
  const sides = operandsOf(context, left, right);
  const isOrder = operator !== '==' && operator !== '!=';
  if (isOrder && sides.kind === 'word')
    throw pointAt(context.text, tokenOf(left), 'words have no order: compare them with == or !=');
  return { kind: 'compare', operator, left: sides.left, right: sides.right };
}

interface Operands {
  readonly kind: Kind;
  readonly left: Operand;
  readonly right: Operand;
}

/** At least one side is a quantity: it says what the other may be. */
function operandsOf(context: Context, left: OperandSyntax, right: OperandSyntax): Operands {
  const [one, other] = [quantityOf(context, left), quantityOf(context, right)];
  const leading = one ?? other;
  if (leading === undefined) throw noQuantity(context, left);
  const { kind, words } = leading.quantity;
  if (one !== undefined && other !== undefined && one.quantity.kind !== other.quantity.kind)
    throw pointAt(
      context.text,
      tokenOf(right),
      `${one.text} is ${kindWords[kind]}, and this is ${kindWords[other.quantity.kind]}`,
    );
  const literal = (syntax: OperandSyntax) =>
    ({ kind: 'value', value: literalOf(context, syntax, kind, words) }) as const;
  return { kind, left: one ?? literal(left), right: other ?? literal(right) };
}

function quantityOf({ text, vocabulary }: Context, syntax: OperandSyntax) {
  return syntax.kind === 'name' && isQuantity(syntax) ? resolveName(text, syntax, vocabulary) : undefined;
}

/** Neither side is one: the name that was meant to be is wrong, or there is only a number. */
function noQuantity({ text, vocabulary }: Context, left: OperandSyntax): Error {
  if (left.kind === 'number') return pointAt(text, left.token, 'one side of a comparison must be a quantity');
  resolveName(text, left, vocabulary);
  return pointAt(text, tokenOf(left), 'one side of a comparison must be a quantity');
}

function literalOf(
  { text }: Context,
  syntax: NameSyntax | NumberSyntax,
  kind: Kind,
  words: readonly string[] | undefined,
): number | string {
  if (kind !== 'word') {
    if (syntax.kind === 'number') return numberOf(text, syntax.token, kind);
    throw pointAt(text, tokenOf(syntax), `expected ${kindWords[kind]}`);
  }
  const token = tokenOf(syntax);
  if (syntax.kind === 'number') throw pointAt(text, token, `expected ${words?.join(', ') ?? 'a word'}`);
  if (words !== undefined && !words.includes(token.text))
    throw pointAt(text, token, `'${token.text}' is none of ${words.join(', ')}`);
  return token.text;
}

function numberOf(text: string, token: Token, kind: Kind): number {
  const value = token.kind === 'number' ? inOwnUnit(Number(token.text), token.unit, kind) : undefined;
  if (value === undefined || !Number.isFinite(value)) throw pointAt(text, token, `expected ${kindWords[kind]}`);
  return value;
}

function tokenOf(syntax: OperandSyntax): Token {
  return syntax.kind === 'number' ? syntax.token : (syntax.parts[0] as Token);
}

function pointAt(text: string, { at, length }: Token, problem: string): ExpressionError {
  return new ExpressionError(text, at, length, problem);
}
