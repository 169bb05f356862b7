import type { Finding, FindingVerdict, Known, Report } from '../model.ts';
import { cell, fitRow, type Grid, rowWidth } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import { countsAreExact } from './clock-table.ts';
import {
  type Block,
  evidenceRows,
  field,
  findingBlocks,
  findingRows,
  heading,
  limitRows,
  oneLine,
  paragraph,
  ruledOutRows,
} from './finding-rows.ts';
import {
  formatCount,
  formatEstimate,
  formatNs,
  formatShareInterval,
  isUnavailable,
  unavailableWord,
} from './format.ts';

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
    ...(clock === undefined ? [] : [...paragraph(seenSentence(report, clock), 'plain', width), []]),
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
  if (clock?.verdict === 'idle') return undefined;
  const causes = findingsAbout(report, clock).filter(({ role }) => role === 'cause');
  const able = clock?.verdict === 'fast' ? causes.filter((finding) => finding.clock !== undefined) : causes;
  const rank = ({ verdict, clock: about }: Finding) => (standing[verdict] ?? 9) * 2 + (about === undefined ? 1 : 0);
  const best = able.filter(({ verdict }) => verdict in standing).toSorted((one, other) => rank(one) - rank(other))[0];
  return best ?? (clock?.verdict === 'slow' ? able.find(({ verdict }) => verdict === 'unknown') : undefined);
}

function findingsAbout({ findings }: Report, clock: ClockRow | undefined): readonly Finding[] {
  const names = clock === undefined ? [] : [clock.name, clock.name.replace('()', '')];
  return findings.filter((finding) => finding.clock === undefined || names.includes(finding.clock));
}

function whyBlocks(report: Report, clock: ClockRow | undefined, width: number): readonly Block[] {
  const lead = leadFinding(report, clock);
  const rest = findingsAbout(report, clock).filter((finding) => finding !== lead);
  const ruledOut = rest.filter(({ verdict }) => verdict === 'ruled-out').map(({ id }) => id);
  const seen = clock === undefined ? [] : paragraph(seenSentence(report, clock), 'plain', width);
  return [
    { rank: lead === undefined ? 0 : 5, rows: seen },
    ...(lead === undefined ? [] : findingBlocks(lead, width)),
    ...rest
      .filter(({ verdict }) => verdict !== 'ruled-out')
      .flatMap((finding) => [
        { rank: 8, rows: [oneLine(finding, width)] },
        { rank: besideTheLead, rows: evidenceRows(finding, width) },
      ]),
    { rank: 9, rows: field('ruled out', ruledOut.length === 0 ? [] : [ruledOut.join(', ')], 'muted', width) },
    ...(report.limits.length === 0 ? [] : [{ rank: 7, rows: limitRows(report.limits, width) }]),
  ];
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
