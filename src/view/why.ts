import type { Finding, Known, Missing, Report } from '../model.ts';
import { type Cell, cell, type Grid, type Row, rowWidth } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import { countsAreExact } from './clock-table.ts';
import {
  formatCount,
  formatEstimate,
  formatNs,
  formatShareInterval,
  isUnavailable,
  unavailableWord,
} from './format.ts';
import { labelled } from './panel.ts';
import { findingStatuses, type Tone } from './tones.ts';
import { wrapText } from './wrap-text.ts';

const labelWidth = 11;
/** From this rank on a block is shown only where there is room to spare. */
const besideTheLead = 10;

/** A part of the explanation. The lower `rank`, the sooner it is shown where room is short. */
interface Block {
  readonly rank: number;
  readonly rows: Grid;
}

/**
 * Why the selected clock costs what it costs: what was seen of it, the leading cause with all its evidence, then every
 * other finding that concerns it in one line each. In `height` rows as much of it as fits, the most telling first.
 */
export function whyRows(report: Report, clock: ClockRow | undefined, width: number, height: number): Grid {
  const blocks = whyBlocks(report, clock, width);
  const chosen = new Map<Block, Grid>();
  let left = height;
  for (const block of blocks.toSorted((one, other) => one.rank - other.rank)) {
    const rows = cutRows(block.rows, left);
    if (rows.length > 0) chosen.set(block, rows);
    left -= rows.length;
  }
  return blocks.flatMap((block) => chosen.get(block) ?? []);
}

/** Rows that the explanation takes without the evidence on findings other than the leading one. */
export function whyHeight(report: Report, clock: ClockRow | undefined, width: number): number {
  return whyBlocks(report, clock, width)
    .filter(({ rank }) => rank < besideTheLead)
    .reduce((total, { rows }) => total + rows.length, 0);
}

/** What is cut off shows that it is. */
function cutRows(rows: Grid, most: number): Grid {
  if (rows.length <= most) return rows;
  const kept = rows.slice(0, Math.max(most, 0));
  return kept.map((row, index) => (index === kept.length - 1 ? [...row, cell(' …', 'muted')] : row));
}

/** Every finding in full, the ones about the selected clock first, then what could not be read. */
export function whyInFull(report: Report, clock: ClockRow | undefined, width: number): Grid {
  const about = findingsAbout(report, clock);
  const others = report.findings.filter((finding) => !about.includes(finding));
  const seen = clock === undefined ? [] : [...paragraph(seenSentence(report, clock), 'plain', width), []];
  return [
    ...seen,
    ...about.flatMap((finding) => [...findingRows(finding, width), []]),
    ...(others.length > 0 ? [heading('findings about other clocks'), []] : []),
    ...others.flatMap((finding) => [...findingRows(finding, width), []]),
    ...limitRows(report.limits, width),
  ];
}

/** What could not be read, with the command that would supply it. */
export function limitRows(limits: readonly Missing[], width: number): Grid {
  if (limits.length === 0) return [[cell(' every reading was available', 'muted')]];
  return [
    heading('could not be read'),
    ...limits.flatMap(({ reading, detail, remedy }) => [
      ...paragraph(`${reading}: ${detail}`, 'unknown', width),
      ...(remedy === undefined ? [] : field('try', [remedy], 'accent', width)),
    ]),
  ];
}

/** One finding with everything that speaks for and against it. */
export function findingRows(finding: Finding, width: number): Grid {
  return [
    ...findingBlocks(finding, width).flatMap(({ rows }) => rows),
    ...field('id', [identity(finding)], 'muted', width),
  ];
}

function identity({ id, role, layer, clock }: Finding): string {
  return `${id} (${role}, ${layer})${clock === undefined ? '' : ` about ${clock}`}`;
}

/** The finding that explains the clock best: a cause that at least may be, in the order the report puts them. */
export function leadFinding(report: Report, clock: ClockRow | undefined): Finding | undefined {
  const causes = findingsAbout(report, clock).filter(({ role }) => role === 'cause');
  const stands = causes.find(({ verdict }) => verdict !== 'ruled-out' && verdict !== 'unknown');
  return stands ?? (clock?.verdict === 'slow' ? causes.find(({ verdict }) => verdict === 'unknown') : undefined);
}

function findingsAbout({ findings }: Report, clock: ClockRow | undefined): readonly Finding[] {
  const names = clock === undefined ? [] : [clock.name, clock.name.replace('()', '')];
  return findings.filter((finding) => finding.clock === undefined || names.includes(finding.clock));
}

function whyBlocks(report: Report, clock: ClockRow | undefined, width: number): readonly Block[] {
  const lead = clock?.verdict === 'idle' ? undefined : leadFinding(report, clock);
  const rest = findingsAbout(report, clock).filter((finding) => finding !== lead);
  return [
    ...(clock === undefined
      ? []
      : [{ rank: lead === undefined ? 0 : 5, rows: paragraph(seenSentence(report, clock), 'plain', width) }]),
    ...(lead === undefined ? [] : findingBlocks(lead, width)),
    ...rest.flatMap((finding) => [
      { rank: finding.verdict === 'ruled-out' ? 9 : 8, rows: [oneLine(finding)] },
      { rank: besideTheLead, rows: evidenceRows(finding, width) },
    ]),
    ...(report.limits.length === 0 ? [] : [{ rank: 7, rows: limitRows(report.limits, width) }]),
  ];
}

function findingBlocks(finding: Finding, width: number): readonly Block[] {
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

function evidenceRows({ evidence }: Finding, width: number): Grid {
  return evidence.flatMap(({ direction, seen, where }) =>
    field(direction === 'supports' ? 'for' : 'against', [`${seen} (${where})`], 'muted', width),
  );
}

function titleRows(finding: Finding, width: number): Grid {
  const { badge, word } = findingStatuses[finding.verdict];
  const lead: Row = [cell(' '), cell(` ${word} `, badge), cell(' ')];
  const indent = rowWidth(lead);
  return wrapText(finding.title, width - indent).map((line, index): Row => {
    return index === 0 ? [...lead, cell(line, 'strong')] : [cell(' '.repeat(indent)), cell(line, 'strong')];
  });
}

function oneLine({ verdict, title, clock }: Finding): Row {
  const { tone, word } = findingStatuses[verdict];
  return [
    cell(` ${word.toLowerCase().padEnd(labelWidth - 1)}`, tone),
    cell(clock === undefined ? title : `${clock}: ${title}`, 'muted'),
  ];
}

function field(label: string, texts: readonly string[], tone: Tone, width: number): Grid {
  return texts.flatMap((text, index) => {
    const lines = wrapText(text, width - labelWidth).map((line): readonly Cell[] => [cell(line, tone)]);
    return labelled(index === 0 ? label : '', lines, labelWidth);
  });
}

function paragraph(text: string, tone: Tone, width: number): Grid {
  return wrapText(text, width - 1).map((line) => [cell(` ${line}`, tone)]);
}

function heading(text: string): Row {
  return [cell(` ${text}`, 'title')];
}

/** What was seen of the clock itself, one sentence, before any cause. */
function seenSentence(report: Report, clock: ClockRow): string {
  const rate = clock.kernelEntriesPerSecond;
  // The limits below say the same at length.
  if (isUnavailable(rate))
    return `${clock.name}: kernel entries ${report.limits.length > 0 ? unavailableWord(rate) : `cannot be counted: ${rate.detail}`}.`;
  if (rate > 0) return `${clock.name}: ${entered(rate, clock, countsAreExact(report))}.`;
  if (clock.verdict === 'idle') return `${clock.name}: no read was seen in this window.`;
  return `${clock.name}: no kernel entry in this window${fastSeen(clock.fastCallsSeen)}.`;
}

function entered(rate: number, { ns, coreShare }: ClockRow, exact: boolean): string {
  const each = ns.syscall === undefined ? '' : `, ${formatNs(ns.syscall.p50)} each by syscall`;
  const cost = isUnavailable(coreShare) ? '' : `: ${formatShareInterval(coreShare)} of a core`;
  return `${(exact ? formatCount : formatEstimate)(rate)} kernel entries/s${each}${cost}`;
}

function fastSeen(seen: Known<number>): string {
  if (isUnavailable(seen)) return `; fast reads were not looked for (${seen.detail})`;
  return seen > 0 ? `; ${formatCount(seen)} reads were caught in the vDSO` : '';
}
