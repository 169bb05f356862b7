import type { Finding, FindingVerdict, Report } from '../model.ts';
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
  oneLine,
  paragraph,
  ruledOutRows,
  titleRows,
} from './finding-rows.ts';
import { isUnavailable } from './format.ts';
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
  const inFull = (findings: readonly Finding[]) =>
    findings
      .filter(({ verdict }) => verdict !== 'ruled-out')
      .flatMap((finding) => [...findingRows(finding, width), []]);
  const ruledOut = report.findings.filter(({ verdict }) => verdict === 'ruled-out');
  const elsewhere = inFull(others);
  return [
    ...(clock === undefined ? [] : paragraph(seenSentence(report, clock), 'plain', width)),
    ...field('sampled', sampledShares(report), 'plain', width),
    [],
    ...inFull(about),
    ...(elsewhere.length > 0 ? [heading('about other clocks'), ...elsewhere] : []),
    ...limitRows(report.limits, width),
    ...(ruledOut.length > 0 ? [[], ...ruledOutRows(ruledOut, width)] : []),
  ];
}

/** How well a cause stands; one that is ruled out or unknown does not. */
const standing: Readonly<Partial<Record<FindingVerdict, number>>> = { confirmed: 0, likely: 1, possible: 2 };

/**
 * The cause that explains the clock best: the best proven one, one about this very clock before one about the whole
 * host, else in the order of the report. A clock on the fast path needs a cause of its own: coarse clocks stay fast
 * where the host has none to offer for the others. For a slow clock, rather a cause that cannot be judged than none.
 */
export function leadFinding(report: Report, clock: ClockRow | undefined): Finding | undefined {
  const able = findingsAbout(report, clock).filter((finding) => mayExplain(finding, clock));
  const rank = ({ verdict, clock: about }: Finding) => (standing[verdict] ?? 9) * 2 + (about === undefined ? 1 : 0);
  const best = able.filter(({ verdict }) => verdict in standing).toSorted((one, other) => rank(one) - rank(other))[0];
  return best ?? (clock?.verdict === 'slow' ? able.find(({ verdict }) => verdict === 'unknown') : undefined);
}

/** The one cause of a cost that is none of slow reads: it is about the clocks read in the vDSO, and no others. */
const costOfFastReads = 'fast-but-hot';

/** A clock on the fast path needs a cause of its own, and one that was not read needs none. */
function mayExplain({ id, role, clock: about }: Finding, clock: ClockRow | undefined): boolean {
  if (role !== 'cause' || clock?.verdict === 'idle') return false;
  if (clock === undefined) return true;
  if (id === costOfFastReads) return clock.verdict === 'fast' && isReadFast(clock);
  return clock.verdict !== 'fast' || about !== undefined;
}

function isReadFast({ fastCallsSeen, fastCallsPerSecond }: ClockRow): boolean {
  if (!isUnavailable(fastCallsSeen) && fastCallsSeen > 0) return true;
  return !isUnavailable(fastCallsPerSecond) && fastCallsPerSecond.low > 0;
}

function findingsAbout({ findings }: Report, clock: ClockRow | undefined): readonly Finding[] {
  const names = clock === undefined ? [] : [clock.name, clock.name.replace('()', '')];
  return findings.filter((finding) => finding.clock === undefined || names.includes(finding.clock));
}

function whyBlocks(report: Report, clock: ClockRow | undefined, width: number): readonly Block[] {
  const lead = leadFinding(report, clock);
  const rest = findingsAbout(report, clock).filter((finding) => finding !== lead);
  const standingRest = rest.filter(({ verdict }) => verdict in standing);
  // Beside a cause of this very clock, one of the whole target may well be about other clocks.
  const causes = standingRest.filter(
    (finding) => mayExplain(finding, clock) && (finding.clock !== undefined || lead?.clock === undefined),
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
