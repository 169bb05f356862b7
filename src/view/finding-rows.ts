import type { Finding, Missing } from '../model/findings.ts';
import { type Cell, cell, type Grid, type Row, rowWidth } from './cells.ts';
import { cutText } from './fit-text.ts';
import { formatShareInterval } from './format-limits.ts';
import { labelled } from './panel.ts';
import { findingStatuses, type Tone } from './tones.ts';
import { wrapText } from './wrap-text.ts';

export const labelWidth = 11;

/** A part of an explanation. The lower `rank`, the sooner it is shown where room is short. */
export interface Block {
  readonly rank: number;
  readonly rows: Grid;
}

/** One finding with everything that speaks for and against it. */
export function findingRows(finding: Finding, width: number): Grid {
  const about = finding.clock ?? finding.covers.join(', ');
  const title = about === '' ? finding.title : `${about}: ${finding.title}`;
  return [
    ...findingBlocks({ ...finding, title }, width).flatMap(({ rows }) => rows),
    ...field('id', [identity(finding)], 'muted', width),
  ];
}

/** Everything that was ruled out, a line or two each: its id, and what speaks against it. */
export function ruledOutRows(findings: readonly Finding[], width: number): Grid {
  if (findings.length === 0) return [];
  return [
    heading('ruled out'),
    ...findings.flatMap((finding) => {
      const about = finding.clock === undefined ? finding.id : `${finding.id} (${finding.clock})`;
      const lines = wrapText(`${about}: ${finding.evidence.map(({ seen }) => seen).join('; ')}`, width - 3);
      return lines.map((line, index): Row => [cell(`${index === 0 ? ' ' : '   '}${line}`, 'muted')]);
    }),
  ];
}

function identity({ id, role, layer, clock }: Finding): string {
  return `${id} (${role}, ${layer})${clock === undefined ? '' : ` about ${clock}`}`;
}

/** The same in parts: title, evidence for, evidence against, what is missing, fix, which fix would not help, saving. */
export function findingBlocks(finding: Finding, width: number): readonly Block[] {
  const { evidence, missing, fix, because, savesCoreShare } = finding;
  const seen = (direction: 'supports' | 'contradicts') =>
    evidence.filter((one) => one.direction === direction).map((one) => `${one.seen} (${one.strength}; ${one.where})`);
  const lacking = missing.map(
    (one) => `${one.reading}: ${one.detail}${one.remedy === undefined ? '' : ` → ${one.remedy}`}`,
  );
  return [
    { rank: 0, rows: titleRows(finding, width) },
    { rank: 2, rows: field('for', seen('supports'), 'plain', width) },
    { rank: 3, rows: field('against', seen('contradicts'), 'plain', width) },
    { rank: 4, rows: field('missing', lacking, 'unknown', width) },
    { rank: 1, rows: fix === undefined ? [] : field('fix', [fix.command], 'accent', width) },
    {
      rank: 6,
      rows:
        fix === undefined
          ? []
          : field(
              'effect',
              [`${fix.effect}; risk: ${fix.risk}; ${fix.reversible ? 'can be undone' : 'cannot be undone'}`],
              'plain',
              width,
            ),
    },
    { rank: 4, rows: fix?.wouldNotHelp === undefined ? [] : field('no help', [fix.wouldNotHelp], 'warn', width) },
    {
      rank: 3,
      rows:
        savesCoreShare === undefined
          ? []
          : field('saves', [`${formatShareInterval(savesCoreShare)} of a core`], 'good', width),
    },
    { rank: 6, rows: because.length === 0 ? [] : field('because', [because.join(', ')], 'muted', width) },
  ];
}

/** What speaks for and against it, without the rest. */
export function evidenceRows({ evidence }: Finding, width: number): Grid {
  return evidence.flatMap(({ direction, seen, where }) =>
    field(direction === 'supports' ? 'for' : 'against', [`${seen} (${where})`], 'muted', width),
  );
}

/** Its verdict as a badge, and its title. */
export function titleRows(finding: Finding, width: number): Grid {
  const { badge, word } = findingStatuses[finding.verdict];
  const lead: Row = [cell(' '), cell(` ${word} `, badge), cell(' ')];
  const indent = rowWidth(lead);
  return wrapText(finding.title, width - indent).map((line, index): Row => {
    return index === 0 ? [...lead, cell(line, 'strong')] : [cell(' '.repeat(indent)), cell(line, 'strong')];
  });
}

/** Verdict and title on one line. */
export function oneLine({ verdict, title, clock }: Finding, width: number): Row {
  const { tone, word } = findingStatuses[verdict];
  const text = clock === undefined ? title : `${clock}: ${title}`;
  return [
    cell(` ${word.toLowerCase().padEnd(labelWidth - 1)}`, tone),
    cell(cutText(text, width - labelWidth), 'muted'),
  ];
}

/** A label and its texts, wrapped beside it. */
export function field(label: string, texts: readonly string[], tone: Tone, width: number): Grid {
  return texts.flatMap((text, index) => {
    const lines = wrapText(text, width - labelWidth).map((line): readonly Cell[] => [cell(line, tone)]);
    return labelled(index === 0 ? label : '', lines, labelWidth);
  });
}

export function paragraph(text: string, tone: Tone, width: number): Grid {
  return wrapText(text, width - 1).map((line) => [cell(` ${line}`, tone)]);
}

export function heading(text: string): Row {
  return [cell(` ${text}`, 'title')];
}

/** What will never be known of a target that has ended, by the ids alone. */
export function neverKnownRows(findings: readonly Finding[], width: number): Grid {
  if (findings.length === 0) return [];
  const ids = [...new Set(findings.map(({ id }) => id))];
  return [heading('not to be known, as the target has ended'), ...paragraph(ids.join(', '), 'unknown', width)];
}

/** What could not be read, with the command that would supply it; what lacks for the same reason together. */
export function limitRows(limits: readonly Missing[], width: number): Grid {
  if (limits.length === 0) return [[cell(' every reading was available', 'muted')]];
  const alike = [...Map.groupBy(limits, ({ detail, remedy }) => `${detail}\n${remedy}`).values()];
  const merged = alike.flatMap((all) => all.slice(0, 1).map((one) => ({ ...one, reading: namesOf(all) })));
  return [
    heading('could not be read'),
    ...merged.flatMap(({ reading, detail, remedy }) => [
      ...paragraph(`${reading}: ${detail}`, 'unknown', width),
      ...(remedy === undefined ? [] : field('try', [remedy], 'accent', width)),
    ]),
  ];
}

function namesOf(limits: readonly Missing[]): string {
  const names = limits.map(({ reading }) => reading);
  return names.length === 1 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
