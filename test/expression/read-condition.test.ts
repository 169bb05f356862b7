import { describe, expect, it } from 'vitest';
import { expressionVocabulary } from '../../src/commands/expression-vocabulary.ts';
import { ExpressionError } from '../../src/expression/expression-error.ts';
import { quantities } from '../../src/expression/quantities.ts';
import { readCondition } from '../../src/expression/read-condition.ts';

const read = (text: string) => readCondition(text, expressionVocabulary);

function problem(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('an expression that is understood', () => {
  it('keeps its text and how long it must hold', () => {
    expect(read('BOOTTIME.vdso.p99 > 1us for 5s')).toMatchObject({
      text: 'BOOTTIME.vdso.p99 > 1us for 5s',
      forSeconds: 5,
    });
    expect(read('verdict == slow').forSeconds).toBe(0);
    expect(read('verdict == slow for 2m').forSeconds).toBe(120);
  });

  it.each([
    ['BOOTTIME.vdso.p50 > 40ns', 40],
    ['BOOTTIME.vdso.p50 > 1.5us', 1_500],
    ['BOOTTIME.vdso.p50 > 2ms', 2e6],
    ['BOOTTIME.kernelEntriesPerSecond > 20k/s', 20_000],
    ['impact.coreShare > 5%', 0.05],
    ['impact.coreShare > 0.5cores', 0.5],
    ['impact.targetCpuShare > 11%', 0.11],
    ['BOOTTIME.kernelEntries > 2M', 2e6],
    ['BOOTTIME.speedup > 10x', 10],
    ['BOOTTIME.speedup > 10', 10],
    ['threads >= 12', 12],
    ['watched > 1h', 3_600],
  ])('turns the unit of %s into that of the report', (text, value) => {
    expect(read(text).test).toMatchObject({ kind: 'compare', right: { kind: 'value' } });
    const { right } = read(text).test as unknown as { right: { value: number } };
    expect(right.value).toBeCloseTo(value, 9);
  });

  it('binds not closest and or least, and parentheses before either', () => {
    const shape = (text: string): unknown => shapeOf(read(text).test);
    const [a, b, c] = ['threads > 1', 'threads > 2', 'threads > 3'];
    expect(shape(`${a} or ${b} and ${c}`)).toEqual(['or', 1, ['and', 2, 3]]);
    expect(shape(`(${a} or ${b}) and ${c}`)).toEqual(['and', ['or', 1, 2], 3]);
    expect(shape(`not ${a} and ${b}`)).toEqual(['and', ['not', 1], 2]);
    expect(shape(`not (${a} and ${b})`)).toEqual(['not', ['and', 1, 2]]);
  });

  it('takes every quantity of the table', () => {
    const literal = { time: '1us', rate: '1/s', share: '1%', cores: '1%', count: '1', ratio: '1x', seconds: '1s' };
    for (const { pattern, kind, words } of quantities) {
      const name = pattern
        .replace('<clock>', 'gettimeofday')
        .replace('<path>', 'syscall')
        .replace('<rule>', 'vdso-disabled');
      const text = kind === 'word' ? `${name} == ${words?.[0] ?? 'hpet'}` : `${name} > ${literal[kind]}`;
      expect(problem(text)).toBe('no error');
    }
  });
});

type Shape = { kind: string; left?: Shape; right?: Shape; operand?: Shape; value?: number };

function shapeOf(test: unknown): unknown {
  const { kind, left, right, operand } = test as Shape;
  if (kind === 'compare') return right?.value;
  return kind === 'not' ? ['not', shapeOf(operand)] : [kind, shapeOf(left), shapeOf(right)];
}

describe('an expression that is refused', () => {
  it.each([
    ['', 'an expression is expected', 0, 1],
    ['BOOTIME.vdso.p99 > 1us', "no clock or quantity 'BOOTIME'; is BOOTTIME meant?", 0, 7],
    ['BOOTTIME.vdso.p95 > 1us', 'expected p10, p50, p90 or p99', 14, 3],
    ['BOOTTIME.vdso > 1us', "'vdso' needs more", 9, 4],
    ['BOOTTIME.vdso.p50 > 1', 'a time with its unit', 20, 1],
    ['BOOTTIME.vdso.p50 > 5/s', 'a time with its unit', 20, 3],
    ['BOOTTIME.vdso.p50 = 3ns', "write '=='", 18, 1],
    ['verdict == slowe', 'none of slow, fast, unknown', 11, 5],
    ['verdict > slow', 'words have no order', 0, 7],
    ['finding(vdso-disable) == confirmed', 'is vdso-disabled meant?', 8, 12],
    ['threads(x) > 3', "'threads' takes nothing", 8, 1],
    ['(threads > 3', "expected ')'", 12, 1],
    ['threads > 3 for', 'a time is expected', 15, 1],
    ['threads > 3 for 5', 'a time with its unit', 16, 1],
    ['threads > 3 && threads < 5', "'and', 'or' and 'not' in words", 12, 1],
    ['threads > 3 threads < 5', "expected 'and', 'or', 'for'", 12, 7],
    ['threads', 'expected a comparison', 7, 1],
    ['3 > 2', 'must be a quantity', 0, 1],
    ['slow == slow', "no clock or quantity 'slow'", 0, 4],
    ['"CPU clock', 'has no end', 0, 1],
    ['BOOTTIME.vdso.p50 > MONOTONIC.kernelEntries', 'and this is a number', 20, 9],
    [`${'('.repeat(60)}threads > 3`, 'nested too deeply', 51, 1],
  ])('%s', (text, expected, at, length) => {
    const [message = '', shown = '', caret = ''] = problem(text).split('\n');
    expect(message).toContain(expected);
    expect(shown).toBe(`  ${text}`);
    expect(caret).toBe(`  ${' '.repeat(at)}${'^'.repeat(length)}`);
  });

  it('shows no control character of the text, and keeps the caret in its place', () => {
    const [, shown = '', caret = ''] = problem('verdict\u001b[2J == slow').split('\n');
    expect(shown).toBe('  verdict?[2J == slow');
    expect(caret.indexOf('^')).toBe(shown.indexOf('?'));
  });

  it('knows no quantity by a name of every object', () => {
    expect(problem('constructor == slow')).toContain('no clock or quantity');
    expect(problem('threads > 3constructor')).toContain('expected a number');
  });
});
