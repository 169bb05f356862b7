import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import type { Operand, Test } from './condition.ts';
import type { Answer } from './quantities.ts';
import type { Operator } from './syntax.ts';
import type { Kind } from './units.ts';

/** Unknown is not no: what cannot be seen neither holds nor fails. */
export type Holds = 'yes' | 'no' | 'unknown';

/** A quantity as it was when it was asked for. */
export interface Seen {
  readonly text: string;
  readonly kind: Kind;
  readonly value: Known<Answer>;
}

export interface Evaluation {
  readonly holds: Holds;
  /** Every quantity that was asked for, once, in the order of the text. */
  readonly seen: readonly Seen[];
}

/** What a report says to an expression (three-valued logic of Kleene). */
export function evaluate(test: Test, report: Report): Evaluation {
  const seen = new Map<string, Seen>();
  const ask = (operand: Operand): Known<Answer> => {
    if (operand.kind === 'value') return operand.value;
    const { quantity, bindings, text } = operand;
    const value = quantity.read(report, bindings);
    seen.set(text, { text, kind: quantity.kind, value });
    return value;
  };
  const holds = judge(test, ask);
  return { holds, seen: [...seen.values()] };
}

type Ask = (operand: Operand) => Known<Answer>;

/** Both sides are always asked, so that what was seen is told whole. */
function judge(test: Test, ask: Ask): Holds {
  if (test.kind === 'not') return opposite[judge(test.operand, ask)];
  if (test.kind === 'compare') return compare(test.operator, ask(test.left), ask(test.right));
  const sides = [judge(test.left, ask), judge(test.right, ask)];
  const decisive = test.kind === 'and' ? 'no' : 'yes';
  if (sides.includes(decisive)) return decisive;
  return sides.includes('unknown') ? 'unknown' : opposite[decisive];
}

const opposite: Readonly<Record<Holds, Holds>> = { yes: 'no', no: 'yes', unknown: 'unknown' };

function compare(operator: Operator, left: Known<Answer>, right: Known<Answer>): Holds {
  if (typeof left === 'string' || typeof right === 'string') return compareWords(operator, left, right);
  const [one, other] = [intervalOf(left), intervalOf(right)];
  if (one === undefined || other === undefined) return 'unknown';
  if (operator === '>') return isGreater(one, other);
  if (operator === '<') return isGreater(other, one);
  if (operator === '>=') return opposite[isGreater(other, one)];
  if (operator === '<=') return opposite[isGreater(one, other)];
  const equal = isEqual(one, other);
  return operator === '==' ? equal : opposite[equal];
}

/** 'unknown' as a value is equal to nothing but the word for it: the reading behind it is missing. */
function compareWords(operator: Operator, left: Known<Answer>, right: Known<Answer>): Holds {
  if (typeof left !== 'string' || typeof right !== 'string') return 'unknown';
  const equal = left === right;
  if (!equal && (left === 'unknown' || right === 'unknown')) return 'unknown';
  return (operator === '==') === equal ? 'yes' : 'no';
}

/** An estimate is greater where all of its interval is; where only a part of it is, that is not known. */
function isGreater(one: Interval, other: Interval): Holds {
  if (one.low > other.high) return 'yes';
  return one.high <= other.low ? 'no' : 'unknown';
}

function isEqual(one: Interval, other: Interval): Holds {
  if (one.low > other.high || one.high < other.low) return 'no';
  return one.low === one.high && other.low === other.high ? 'yes' : 'unknown';
}

function intervalOf(value: Known<Answer>): Interval | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? { value, low: value, high: value } : undefined;
  return typeof value === 'object' && 'low' in value ? value : undefined;
}
