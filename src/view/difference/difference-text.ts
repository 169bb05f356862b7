import type { ClockDifference, Difference, EnvironmentChange, FindingChange } from '../../model/difference.ts';
import { cell, fitRow, type Grid, gridText, type Row } from '../cells.ts';
import { fitText } from '../fit-text.ts';
import { labelled } from '../panel.ts';
import { findingStatuses } from '../tones.ts';
import { wrapText } from '../wrap-text.ts';
import { nsOrigin } from '../zoom.ts';
import { differenceStatuses } from './change-words.ts';
import { differenceSentence, namesOf, wasRead } from './difference-sentence.ts';
import { type Metric, metricsOf } from './metrics.ts';
import { hostWords, sideWords } from './side-words.ts';

const widest = 80;
const labelWidth = 14;
const metricWidths = { label: 13, values: 27 };

/** The difference as plain text for a ticket or a pipe, at most 80 columns. */
export function renderDifferenceText(difference: Difference, columns: number): string {
  const width = Math.min(Math.max(columns, 40), widest);
  const shown = difference.clocks.filter(isShown);
  const sections: readonly Grid[] = [
    answer(difference, width),
    ...shown.map((clock) => clockSection(clock, width)),
    others(difference.clocks, width),
    environment(difference.environment, width),
    findings(difference.findings, width),
    notCompared(difference, width),
    sentence(`${nsOrigin}; p50 and p99 are of batches, not of calls${watchedNote(shown)}`, width),
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section): Grid => [...section, []]);
  return gridText(lines.map((row) => fitRow(row, width))).trimEnd();
}

/** What changed, and whatever was read: all else is only named. */
function isShown(clock: ClockDifference): boolean {
  return clock.verdict === 'changed' || wasRead(clock);
}

function watchedNote(clocks: readonly ClockDifference[]): string {
  return clocks.flatMap(metricsOf).some(({ watched }) => watched) ? '; * priced while watched' : '';
}

function answer(difference: Difference, width: number): Grid {
  const { word } = differenceStatuses[difference.verdict];
  return [
    ...sentence(`${word}${difference.worse ? ', for the worse' : ''}: ${differenceSentence(difference)}`, width),
    [],
    ...table('before', sideWords(difference.before), width),
    ...table('after', sideWords(difference.after), width),
    ...table('host', hostWords(difference), width),
  ];
}

function clockSection(clock: ClockDifference, width: number): Grid {
  const { word } = differenceStatuses[clock.verdict];
  return [[cell(`${clock.name}: ${word}`)], ...metricsOf(clock).flatMap((metric) => metricRows(metric, width))];
}

function metricRows({ label, watched, before, after, verdict, note }: Metric, width: number): Grid {
  const { mark, word } = differenceStatuses[verdict];
  const head = ` ${mark} ${fitText(label + (watched ? '*' : ''), metricWidths.label)} ${`${before} → ${after}`.padEnd(metricWidths.values)} `;
  const told = [verdict === 'changed' || note === '' ? word : `${word}`, note].filter(Boolean).join(' ');
  const lines = wrapText(told, Math.max(width - head.length, 12));
  return lines.map((line, index): Row => [cell(`${index === 0 ? head : ' '.repeat(head.length)}${line}`)]);
}

/** What was read on neither side, by verdict. */
function others(clocks: readonly ClockDifference[], width: number): Grid {
  const rest = clocks.filter((clock) => !isShown(clock));
  const names = (verdict: ClockDifference['verdict']) => namesOf(rest.filter((clock) => clock.verdict === verdict));
  const [same, open] = [names('same'), names('cannot-tell')];
  return [
    ...(same === '' ? [] : table('others same', same, width)),
    ...(open === '' ? [] : table('others open', open, width)),
  ];
}

function environment(changes: readonly EnvironmentChange[], width: number): Grid {
  if (changes.length === 0) return sentence('nothing that was compared of host and target changed', width);
  return [
    ...sentence('changed too (what is likeliest to bear upon it first; none is proved to be the cause)', width),
    ...changes.flatMap(({ what, before, after, bearsOn }) => {
      const upon = bearsOn.length === 0 ? '' : ` (may bear upon ${bearsOn.join(', ')})`;
      return sentence(`${what}: ${before} → ${after}${upon}`, width - 3).map(
        (row, index): Row => [cell(index === 0 ? ' - ' : '   '), ...row],
      );
    }),
  ];
}

/** What holds now and did not, or no longer does: a finding that is confirmed names a cause by its own evidence. */
function findings(changes: readonly FindingChange[], width: number): Grid {
  if (changes.length === 0) return [];
  const lines = changes.map(({ id, title, clock, before, after }) => {
    const about = clock === undefined ? title : `${clock}: ${title}`;
    return `${verdictWord(before)} → ${verdictWord(after)} ${about} (${id})`;
  });
  return [
    [cell('findings')],
    ...lines.flatMap((line) =>
      sentence(line, width - 3).map((row, index): Row => [cell(index === 0 ? ' - ' : '   '), ...row]),
    ),
  ];
}

export function verdictWord(verdict: FindingChange['before']): string {
  return verdict === 'absent' ? 'no such finding' : findingStatuses[verdict].word;
}

function notCompared({ notCompared: names }: Difference, width: number): Grid {
  return names.length === 0 ? [] : table('not compared', `${names.join(', ')}: not known on both sides`, width);
}

function table(label: string, text: string, width: number): Grid {
  return labelled(label, sentence(text, width - labelWidth), labelWidth);
}

function sentence(text: string, width: number): readonly Row[] {
  return wrapText(text, width).map((line) => [cell(line)]);
}
