import type { ClockDifference, Difference } from '../../model/difference.ts';
import { markdownTable, markdownText as safe } from '../markdown.ts';
import { differenceStatuses } from './change-words.ts';
import { differenceSentence, namesOf, wasRead } from './difference-sentence.ts';
import { verdictWord } from './difference-text.ts';
import { labelInWords, type Metric, metricsOf } from './metrics.ts';
import { hostWords, sideWords } from './side-words.ts';

/** The difference as Markdown for a ticket: one table of what changed and what was read. */
export function renderDifferenceMarkdown(difference: Difference): string {
  const { clocks, before, after, worse, verdict } = difference;
  const shown = clocks.filter((clock) => clock.verdict === 'changed' || wasRead(clock));
  const rest = clocks.filter((clock) => !shown.includes(clock));
  return `${[
    `**${differenceStatuses[verdict].word}${worse ? ', for the worse' : ''}**: ${safe(differenceSentence(difference))}`,
    '',
    `- before: ${safe(sideWords(before))}`,
    `- after: ${safe(sideWords(after))}`,
    `- host: ${safe(hostWords(difference))}`,
    ...(shown.length === 0 ? [] : ['', ...markdownTable(tableHead, shown.flatMap(clockRows))]),
    ...(rest.length === 0 ? [] : ['', `Seen to be read on neither side: ${safe(namesOf(rest))}.`]),
    ...environment(difference),
    ...findings(difference),
  ].join('\n')}\n`;
}

const tableHead = ['clock', 'what', 'before', 'after', 'verdict', 'by'].map(
  (title) => ({ title, align: 'left' }) as const,
);

function clockRows(clock: ClockDifference): readonly (readonly string[])[] {
  return metricsOf(clock).map((metric) => metricRow(clock.name, metric));
}

function metricRow(name: string, metric: Metric): readonly string[] {
  const { before, after, verdict, note } = metric;
  const { word } = differenceStatuses[verdict];
  const told = verdict === 'changed' ? `**${word}**` : word;
  return [...[name, labelInWords(metric), before, after].map(safe), told, safe(note)];
}

function environment({ environment: changes }: Difference): readonly string[] {
  if (changes.length === 0) return ['', 'Nothing that was compared of host and target changed.'];
  const lines = changes.map(({ what, before, after }) => `- ${safe(what)}: ${safe(before)} → ${safe(after)}`);
  return ['', 'Changed too, the likeliest to bear upon it first; none is proved to be the cause:', '', ...lines];
}

function findings({ findings: changes }: Difference): readonly string[] {
  if (changes.length === 0) return [];
  const lines = changes.map(({ id, title, clock, before, after }) => {
    const about = clock === undefined ? title : `${clock}: ${title}`;
    return `- ${verdictWord(before)} → ${verdictWord(after)} ${safe(about)} (\`${id}\`)`;
  });
  return ['', 'Findings:', '', ...lines];
}
