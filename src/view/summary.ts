import type { Report } from '../model/report.ts';
import { foundBy, sitesOf } from './call-site-words.ts';
import { type ClockRow, clockRows, firstRow } from './clock-rows.ts';
import { countsAreExact } from './clock-table.ts';
import { countingCost } from './counting-cost.ts';
import {
  formatBytes,
  formatCount,
  formatEstimate,
  formatKnown,
  formatNs,
  formatSeconds,
  formatShare,
  formatWhole,
  isUnavailable,
  unavailableWord,
} from './format.ts';
import { formatSampledShare } from './format-limits.ts';
import { isShortWatch } from './is-short-watch.ts';
import { leadFinding } from './lead-finding.ts';
import { printable } from './printable.ts';
import { processName } from './process-name.ts';
import { findingStatuses, reportStatus } from './tones.ts';

/** The five lines that stay on the primary screen after the live one is gone. They end "target never stopped". */
export function exitSummary(report: Report): readonly string[] {
  const { target, coverage } = report;
  const comm = formatKnown(target.comm, processName);
  const lines = [
    `vdsotop: ${comm} (pid ${target.pid})${target.ended ? ' ended;' : ':'} ${coverage.sentence}`,
    `${reportStatus(report).word}: ${report.headline}`,
    busiest(report),
    cause(report),
  ];
  return [...lines.map(printable), ownCost(report)];
}

function busiest(report: Report): string {
  const row = firstRow(clockRows(report));
  if (row === undefined) return 'clock: none was watched';
  const { name, kernelEntriesPerSecond: rate, ns, coreShare } = row;
  if (isUnavailable(rate)) return `clock: ${name}, kernel entries ${unavailableWord(rate)}`;
  const exact = countsAreExact(report);
  if (rate === 0)
    return `clock: ${name}, no kernel entry ${exact ? '' : 'was counted '}in the last window${topCaller(report, row)}`;
  const each = ns.syscall === undefined ? '' : `, ${formatNs(ns.syscall.p50)} each by syscall`;
  const cost = isUnavailable(coreShare) ? '' : `, ${formatSampledShare(coreShare)} of a core`;
  return `clock: ${name}, ${entriesOf(report, row, rate)}${each}${cost}${topCaller(report, row)}`;
}

/** '72.2 k kernel entries/s'; of a short watch '12,345 kernel entries in 0.2 s' */
function entriesOf(report: Report, { kernelEntries }: ClockRow, perSecond: number): string {
  const exact = countsAreExact(report);
  const seconds = report.coverage.windowSeconds;
  if (exact && isShortWatch(seconds) && !isUnavailable(kernelEntries))
    return `${formatWhole(kernelEntries)} kernel entries in ${formatSeconds(seconds)}`;
  return `${(exact ? formatCount : formatEstimate)(perSecond)} kernel entries/s`;
}

/** '; 62 % from ratelimit+0x3c in libfoo.so': of the reads that enter the kernel, as sampled. */
function topCaller(report: Report, row: ClockRow): string {
  const top = sitesOf(report, row)[0];
  if (top === undefined) return '';
  const side = top.side === 'kernel' ? '' : ' of its vDSO calls';
  const found = foundBy(top);
  return `; ${formatShare(top.share)}${side} from ${top.sentence}${found === undefined ? '' : ` (${found.words})`}`;
}

function cause(report: Report): string {
  const lead = leadFinding(report, firstRow(clockRows(report)));
  if (lead === undefined) return 'cause: none to name';
  const fix = lead.fix === undefined ? '' : `; fix: ${lead.fix.command}`;
  return `cause: ${findingStatuses[lead.verdict].word} ${lead.title}${fix}`;
}

function ownCost(report: Report): string {
  const { coreShare, rssBytes } = report.cost;
  return `cost: ${formatShare(coreShare)} of a core, ${formatBytes(rssBytes)}, ${printable(countingCost(report).long)}; target never stopped`;
}
