import { rules } from '../../src/analysis/rules/index.ts';
import { expressionVocabulary } from '../../src/commands/expression-vocabulary.ts';
import { type Quantity, quantities } from '../../src/expression/quantities.ts';
import { type Kind, kindWords, units } from '../../src/expression/units.ts';

/** docs/expressions.md: what `--trigger` understands, from the tables by which it is read. */
export function expressionsPage(): string {
  return `${[
    '# Expressions',
    '',
    'Made by `npm run docs` from the tables of src/expression. `--trigger` takes one; so will every later command that asks a report a question.',
    '',
    '```',
    'BOOTTIME.vdso.p99 > 1us for 5s',
    'verdict == slow and impact.coreShare > 2% for 10s',
    'not clocksource == tsc or finding(tsc-read-traps) == confirmed',
    '```',
    '',
    ...grammar,
    '',
    '## Quantities',
    '',
    '| quantity | what it is | is compared with |',
    '|---|---|---|',
    ...quantities.map(row),
    '',
    ...places(),
    '',
    '## Units',
    '',
    '| kind | units | to be written as |',
    '|---|---|---|',
    ...(Object.keys(kindWords) as Kind[]).filter((kind) => kind !== 'word').map(unitRow),
    '',
    ...truth,
  ].join('\n')}\n`;
}

const grammar = [
  '- Comparisons are `>` `>=` `<` `<=` `==` `!=`. One side is a quantity; the other a number with its unit, a word, or another quantity of the same kind.',
  '- `not` binds closest, then `and`, then `or`; parentheses group. A time behind `for`, at the end, asks that the whole expression holds for that long without a break.',
  '- A name with blanks in it stands in quotation marks: `"CPU clock of a process".kernelEntriesPerSecond > 0/s`.',
  '- What cannot be read as an expression is refused with the place marked, and exit code 2.',
];

const truth = [
  '## What is unknown',
  '',
  'The answer is yes, no or unknown, and unknown is never taken for either. A reading that is denied, absent or unsupported is unknown. An estimate is compared with its whole interval: where only a part of it lies beyond the limit, the answer is unknown. `not` of unknown is unknown; `and` is no where one side is no, and `or` is yes where one side is yes, whatever the other.',
  'A word that says that nothing is known (`path == unknown`) equals itself; compared with any other word it is unknown.',
  '',
  'A percentile is one of batch means, not of calls; of fewer than a hundred batches p99 is next to the greatest of them. Those of `vdso` and `libc` are over the window (the last ten seconds when live) or, with fewer than three batches in it, of those timed at attach. `syscall` and `vsyscall` are timed before counting begins, which makes system calls dearer, and anew only after the clocksource has changed: while entries are counted they do not move.',
];

function row({ pattern, kind, words, meaning }: Quantity): string {
  const what = kind === 'word' && words !== undefined ? words.map((word) => `\`${word}\``).join(' ') : kindWords[kind];
  return `| \`${pattern}\` | ${meaning} | ${what} |`;
}

function places(): readonly string[] {
  const code = (names: readonly string[]) =>
    names.map((name) => `\`${/^\w+$/.test(name) ? name : `"${name}"`}\``).join(', ');
  return [
    `- \`<clock>\`: ${code(expressionVocabulary.clocks)}.`,
    '- `<path>`: `vdso`, `syscall`, `libc`, `vsyscall`.',
    `- \`<rule>\`: ${rules.map(({ id, title }) => `\`${id}\` (${title})`).join('; ')}.`,
  ];
}

function unitRow(kind: Kind): string {
  const names = Object.entries(units).filter(([, unit]) => unit.kinds.includes(kind));
  return `| ${kind} | ${names.map(([name]) => `\`${name}\``).join(' ')} | ${kindWords[kind]} |`;
}
