import type { Outcome, Row } from './benchmark.ts';
import { formatNumber } from './format.ts';
import type { Disturbance } from './quiet.ts';

/** What one benchmark came to: its figures, or why there are none. */
export interface Finished {
  readonly name: string;
  readonly title: string;
  readonly outcome: Outcome | { readonly failure: string };
  /** What else ran when it began. */
  readonly disturbance: Disturbance;
  /** When it began, UTC: '2026-11-23T21:05'. */
  readonly at: string;
  readonly seconds: number;
  /** Of the host line. */
  readonly host: string;
  /** Of vdsotop. */
  readonly version: string;
}

/** The whole of docs/benchmarks.md: one section for each benchmark and host, those of one host together. */
export function markdownReport(finished: readonly Finished[]): string {
  const byHost = [...Map.groupBy(finished, ({ host }) => host)];
  return [
    '# Benchmarks',
    '',
    'Made by `npm run bench`, which keeps the latest result of each benchmark on each host in bench/results. Do not edit: run it again.',
    '',
    'Every figure stands beside its peer, measured in the same run, in turns where that is possible. Medians unless said otherwise. Absolute figures belong to their machine; the ratios are what travels.',
    '',
    '## What must hold',
    '',
    ...byHost.flatMap(([host, results]) => summary(host, results)),
    ...byHost.flatMap(([, results]) => results.flatMap(section)),
  ].join('\n');
}

function summary(host: string, finished: readonly Finished[]): readonly string[] {
  const bounds = finished.flatMap(({ title, outcome }) =>
    'failure' in outcome
      ? [`| ${title} | not measured | | **not measured** |`]
      : outcome.rows.filter(({ met }) => met !== undefined).map(summaryRow),
  );
  return [`On ${host}:`, '', '| what | figure | bound | |', '|---|---|---|---|', ...bounds, ''];
}

function summaryRow({ what, figure, bound, met }: Row): string {
  return `| ${what} | ${figure} | ${bound} | ${verdict(met)} |`;
}

function verdict(met: boolean | undefined): string {
  if (met === undefined) return '';
  return met ? 'met' : '**not met**';
}

function section({ name, title, outcome, disturbance, at, seconds, host, version }: Finished): readonly string[] {
  const heading = [
    `## ${title}`,
    '',
    `\`npm run bench -- --only ${name}\`, vdsotop ${version}, ${host}; begun ${at.replace('T', ' ')} UTC, ${Math.round(seconds)} s. ${beside(disturbance)}`,
    '',
  ];
  if ('failure' in outcome) return [...heading, `Could not be measured: ${outcome.failure}`, ''];
  return [
    ...heading,
    ...outcome.how.flatMap((sentence) => [sentence, '']),
    '| what | figure | spread | beside | bound | |',
    '|---|---|---|---|---|---|',
    ...outcome.rows.map(row),
    '',
    ...outcome.notes.map((note) => `- ${note}`),
    ...(outcome.notes.length > 0 ? [''] : []),
    ...rawFigures(outcome),
  ];
}

function row({ what, figure, spread, peer, bound, met }: Row): string {
  return `| ${[what, figure, spread, peer, bound, verdict(met)].join(' | ')} |`;
}

function beside({ tracers, busyCores }: Disturbance): string {
  const load = `When it began, ${formatNumber(busyCores)} cores were busy with other work`;
  return tracers.length === 0 ? `${load}.` : `${load} and a tracer was attached: ${tracers.join(', ')}.`;
}

function rawFigures({ raw }: Outcome): readonly string[] {
  const lines = Object.entries(raw).map(([what, values]) => `- ${what}: ${values.map(compact).join(' ')}`);
  return ['<details><summary>Every figure</summary>', '', ...lines, '', '</details>', ''];
}

/** Five digits: enough to compute every row again. */
function compact(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}
