import type { TimedPath } from '../model/prices.ts';
import type { Operand } from './condition.ts';
import { ExpressionError } from './expression-error.ts';
import { nearestName } from './nearest-name.ts';
import { type Bindings, type Quantity, quantities } from './quantities.ts';
import type { NameSyntax } from './syntax.ts';
import type { Token } from './tokenise.ts';
import type { Vocabulary } from './vocabulary.ts';

const timedPaths: readonly TimedPath[] = ['vdso', 'syscall', 'libc', 'vsyscall'];

/** The quantity that a name means. Throws an ExpressionError that points at the first part that means nothing. */
export function resolveName(text: string, name: NameSyntax, vocabulary: Vocabulary): Operand & { kind: 'quantity' } {
  const [first] = name.parts;
  if (first === undefined) throw new ExpressionError(text, 0, 1, 'a quantity is expected here');
  const found = quantities.flatMap((quantity) => {
    const bindings = match(quantity, name, vocabulary);
    return bindings === undefined ? [] : [{ quantity, bindings }];
  });
  const best = found[0];
  if (best === undefined) throw problemOf(text, name, vocabulary);
  return { kind: 'quantity', ...best, text: written(name) };
}

/** Whether a lone word is the name of a quantity or a clock, and not only a word such as 'slow'. */
export function isQuantity({ parts, argument }: NameSyntax): boolean {
  const [only] = parts;
  if (parts.length > 1 || argument !== undefined) return true;
  return only?.kind === 'word' && quantities.some(({ pattern }) => pattern === only.text);
}

function match({ pattern }: Quantity, { parts, argument }: NameSyntax, known: Vocabulary): Bindings | undefined {
  const [body = '', rule] = pattern.split('(');
  const wanted = body.split('.');
  if (wanted.length !== parts.length || (rule === undefined) !== (argument === undefined)) return undefined;
  if (argument !== undefined && !known.rules.includes(argument.text)) return undefined;
  const fits = wanted.every((part, index) => matchesPart(part, parts[index] as Token, known));
  if (!fits) return undefined;
  const [clock, path] = parts.map((part) => part.text);
  return { clock: clock ?? '', path: path as TimedPath, rule: argument?.text ?? '' };
}

function matchesPart(wanted: string, { text }: Token, { clocks }: Vocabulary): boolean {
  if (wanted === '<clock>') return clocks.includes(text);
  if (wanted === '<path>') return (timedPaths as readonly string[]).includes(text);
  return wanted === text;
}

/** As far as the name begins like a quantity it is right; what could stand at the first wrong part is told. */
function problemOf(text: string, name: NameSyntax, known: Vocabulary): ExpressionError {
  const { parts, argument } = name;
  let candidates = quantities.map(({ pattern }) => (pattern.split('(')[0] ?? '').split('.'));
  for (const [index, part] of parts.entries()) {
    const fitting = candidates.filter(
      (wanted) => wanted[index] !== undefined && matchesPart(wanted[index], part, known),
    );
    if (fitting.length === 0)
      return wrongPart(
        text,
        part,
        candidates.flatMap((wanted) => wanted[index] ?? []),
        known,
      );
    candidates = fitting;
  }
  const last = parts.at(-1) as Token;
  if (argument !== undefined) return unknownRule(text, last.text, argument, known);
  if (last.text === 'finding') return pointAt(text, last, 'the id of a rule is expected behind it: finding(<rule>)');
  const next = candidates.flatMap((wanted) => wanted[parts.length] ?? []);
  return pointAt(text, last, `'${last.text}' needs more behind it: .${choices(next)}`);
}

function wrongPart(text: string, part: Token, expected: readonly string[], known: Vocabulary): ExpressionError {
  if (expected.includes('<clock>')) {
    const near = nearestName(part.text, [...known.clocks, ...expected.filter((one) => !one.startsWith('<'))]);
    return pointAt(text, part, `there is no clock or quantity '${part.text}'${near}`);
  }
  if (expected.length === 0) return pointAt(text, part, `nothing is expected behind the '.'`);
  return pointAt(text, part, `'${part.text}' is not known here: expected ${choices(expected)}`);
}

function unknownRule(text: string, name: string, argument: Token, { rules }: Vocabulary): ExpressionError {
  if (name !== 'finding') return pointAt(text, argument, `'${name}' takes nothing in parentheses`);
  return pointAt(text, argument, `there is no rule '${argument.text}'${nearestName(argument.text, rules)}`);
}

function choices(expected: readonly string[]): string {
  const words = [...new Set(expected)].flatMap((one) => (one === '<path>' ? timedPaths : [one]) as readonly string[]);
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function pointAt(text: string, { at, length }: Token, problem: string): ExpressionError {
  return new ExpressionError(text, at, length, problem);
}

function written({ parts, argument }: NameSyntax): string {
  const name = parts.map(({ kind, text }) => (kind === 'string' ? `"${text}"` : text)).join('.');
  return argument === undefined ? name : `${name}(${argument.text})`;
}
