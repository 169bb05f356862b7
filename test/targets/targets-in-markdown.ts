import type { Report } from '../../src/model/report.ts';
import { accused, beside } from './judge.ts';
import type { Target } from './target.ts';

/** What became of a target: the report on it, or why this host cannot have one. */
export type Outcome =
  | { readonly report: Report; readonly seconds: number; readonly misses: readonly string[] }
  | { readonly notHere: string };

type Table = readonly { readonly heading: string; readonly targets: readonly Target[] }[];

const preamble = `# Real targets

Made by a test run, not by hand: \`VDSOTOP_TARGETS=write npx vitest run test/targets\` starts each of these programs, lets
\`vdsotop report --json\` watch it, and writes down what it said. *Expected* is what the test demands; no other cause may be
confirmed or likely, and no other amplifier or context of the program, its libc or its vDSO. A function's part of a clock's
reads must be as right as its number of samples allows, 5 points where they are 1,600, and within the limits that the report
states (twice as wide, as those of 95 % leave the truth out in 1 of 20 runs), a count within 0.1 %. *Seconds* are those from
attaching to the report, rounded up to a half: the verdict stands within 3; of PostgreSQL, across an exec, and where parts are
to be told vdsotop watches longer.
`;

const head = `| target | what it does | expected | got | verdict | seconds |
|---|---|---|---|---|---|`;

/** docs/targets.md: a table for each group, in the order given. Holds no pids, rates or moments. */
export function targetsInMarkdown(table: Table, outcomes: ReadonlyMap<string, Outcome>): string {
  const sections = table.map(({ heading, targets }) => {
    const rows = targets.map(
      (target) => `${expectedCells(target)} ${gotCells(outcomes.get(`${heading}/${target.name}`))}`,
    );
    return `## ${heading}\n\n${head}\n${rows.join('\n')}\n`;
  });
  return [preamble, ...sections].join('\n');
}

/** The first half of a target's row: what is known before any run. */
export function expectedCells({ name, does, expected }: Target): string {
  const also = [
    ...(expected.beside ?? []),
    ...(expected.callers ?? []).map(({ symbol, share }) => `${symbol} ${Math.round(share * 100)} %`),
    ...(expected.counted === undefined ? [] : ['every entry counted']),
  ];
  return `| ${name} | ${does} | ${[...orNone(expected.causes), ...also].join(', ')} |`;
}

function gotCells(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not run | | |';
  if ('notHere' in outcome) return `not possible here: ${outcome.notHere} | | |`;
  const { report, seconds, misses } = outcome;
  const rest =
    misses.length === 0 ? 'all else as expected' : `**not as expected**: ${misses.map(subjectOf).join(', ')}`;
  const got = [...orNone(accused(report)), ...beside(report), rest].join(', ');
  return `${got} | ${report.verdict} | ${(Math.ceil(seconds * 2) / 2).toFixed(1)} |`;
}

/** 'often_libc: got 57 % …' → 'often_libc' */
function subjectOf(miss: string): string {
  return miss.split(':')[0] ?? miss;
}

function orNone(causes: readonly string[]): readonly string[] {
  return causes.length === 0 ? ['no cause'] : causes;
}
