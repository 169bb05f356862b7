import type { Finding, FindingVerdict } from '../model/findings.ts';
import type { Report } from '../model/report.ts';
import { cell, fitRow, type Grid, rowWidth } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import {
  type Block,
  evidenceRows,
  field,
  findingBlocks,
  findingRows,
  heading,
  labelWidth,
  limitRows,
  neverKnownRows,
  oneLine,
  paragraph,
  ruledOutRows,
  titleRows,
} from './finding-rows.ts';
import { findingsAbout, isOwn, isStanding, leadFinding, mayExplain } from './lead-finding.ts';
import { neverKnown } from './never-known.ts';
import { sampledShares } from './report-facts.ts';
import { seenSentence } from './seen-sentence.ts';
import { shortenWords } from './shorten-words.ts';

/** From this rank on a block is shown only where there is room to spare. */
const besideTheLead = 10;

/**
 * Why the selected clock costs what it costs: what was seen of it, the leading cause with all its evidence, then every
 * other finding that concerns it in one line each. In `height` rows as much of it as fits, the most telling first.
 */
export function whyRows(report: Report, clock: ClockRow | undefined, width: number, height: number): Grid {
  const blocks = whyBlocks(report, clock, width);
  const chosen = new Map<Block, Grid>();
  let left = height;
  for (const block of blocks.toSorted((one, other) => one.rank - other.rank)) {
    const rows = cutRows(block.rows, left, width);
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
function cutRows(rows: Grid, most: number, width: number): Grid {
  if (rows.length <= most) return rows;
  const kept = rows.slice(0, Math.max(most, 0));
  const last = kept.at(-1);
  if (last === undefined) return kept;
  const marked = rowWidth(last) + 2 > width ? fitRow(last, rowWidth(last) - 1) : [...last, cell(' …', 'muted')];
  return [...kept.slice(0, -1), marked];
}

/** Every finding in full, the ones about the selected clock first, then what could not be read. */
export function whyInFull(report: Report, clock: ClockRow | undefined, width: number): Grid {
  const about = findingsAbout(report, clock);
  const others = report.findings.filter((finding) => !about.includes(finding));
  const never = neverKnown(report);
  const inFull = (findings: readonly Finding[]) =>
    findings
      .filter((finding) => finding.verdict !== 'ruled-out' && !never.includes(finding))
      .flatMap((finding) => [...findingRows(finding, width), []]);
  const ruledOut = report.findings.filter(({ verdict }) => verdict === 'ruled-out');
  const elsewhere = inFull(others);
  return [
    ...(clock === undefined ? [] : paragraph(seenSentence(report, clock), 'plain', width)),
    ...field('sampled', sampledShares(report), 'plain', width),
    [],
    ...inFull(about),
    ...(elsewhere.length > 0 ? [heading('about other clocks'), ...elsewhere] : []),
    ...(never.length > 0 ? [...neverKnownRows(never, width), []] : []),
    ...limitRows(report.limits, width),
    ...(ruledOut.length > 0 ? [[], ...ruledOutRows(ruledOut, width)] : []),
  ];
}

/** A screen asks four times for the same: to lay itself out, and to fill the panel. */
const remembered = new WeakMap<Report, Map<string, readonly Block[]>>();

function whyBlocks(report: Report, clock: ClockRow | undefined, width: number): readonly Block[] {
  const ofReport = remembered.get(report) ?? new Map<string, readonly Block[]>();
  remembered.set(report, ofReport);
  const key = `${clock?.name} ${width}`;
  const blocks = ofReport.get(key) ?? makeBlocks(report, clock, width);
  ofReport.set(key, blocks);
  return blocks;
}

function makeBlocks(report: Report, clock: ClockRow | undefined, width: number): readonly Block[] {
  const lead = leadFinding(report, clock);
  const rest = findingsAbout(report, clock).filter((finding) => finding !== lead);
  const standingRest = rest.filter(isStanding);
  // Beside a cause of this very clock, one of the whole target may well be about other clocks.
  const causes = standingRest.filter(
    (finding) => mayExplain(finding, clock) && (isOwn(finding) || lead === undefined || !isOwn(lead)),
  );
  const idsOf = (verdict: FindingVerdict) => rest.filter((one) => one.verdict === verdict).map(({ id }) => id);
  const seen = clock === undefined ? [] : paragraph(seenSentence(report, clock), 'plain', width);
  const sampled = clock?.verdict === 'idle' ? [] : sampledShares(report);
  return [
    { rank: lead === undefined ? 0 : 5, rows: seen },
    ...(lead === undefined ? [] : findingBlocks(inFewerRows(lead, width), width)),
    ...causes.flatMap((finding) => otherCause(finding, width)),
    ...standingRest
      .filter((finding) => !causes.includes(finding))
      .flatMap((finding) => [
        { rank: 8, rows: [oneLine(named(finding), width)] },
        { rank: besideTheLead, rows: evidenceRows(finding, width) },
      ]),
    { rank: 7, rows: field('sampled', sampled, 'plain', width) },
    { rank: 9, rows: idList('unknown', idsOf('unknown'), width) },
    { rank: 9, rows: idList('ruled out', idsOf('ruled-out'), width) },
    ...(report.limits.length === 0 ? [] : [{ rank: 7, rows: limitRows(report.limits, width) }]),
  ];
}

/** What is no cause is called what it is: an amplifier of the causes above it, or context. */
function named(finding: Finding): Finding {
  return finding.role === 'cause' ? finding : { ...finding, title: `${finding.role}: ${finding.title}` };
}

/** A cause that stands beside the leading one: its verdict and title soon, its evidence and fix where there is room. */
function otherCause(finding: Finding, width: number): readonly Block[] {
  const { fix } = finding;
  return [
    { rank: finding.verdict === 'possible' ? 3 : 1.5, rows: titleRows(finding, width) },
    { rank: 6, rows: evidenceRows(inFewerRows(finding, width), width) },
    { rank: 6, rows: fix === undefined ? [] : field('fix', [fix.command], 'accent', width) },
  ];
}

/** Long symbols in the evidence, cut in their middle to a line each; the full text stands in whyInFull. */
function inFewerRows(finding: Finding, width: number): Finding {
  const room = Math.max(width - labelWidth, 8);
  const evidence = finding.evidence.map((one) => ({
    ...one,
    seen: shortenWords(one.seen, room),
    where: shortenWords(one.where, room - 1),
  }));
  return { ...finding, evidence };
}

function idList(label: string, ids: readonly string[], width: number): Grid {
  return field(label, ids.length === 0 ? [] : [ids.join(', ')], 'muted', width);
}
