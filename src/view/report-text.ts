import type { Known, Report } from '../model.ts';
import { cell, fitRow, type Grid, gridText, type Row } from './cells.ts';
import { clockRows } from './clock-rows.ts';
import { clockTable } from './clock-table.ts';
import { countingCost } from './counting-cost.ts';
import { eventRows } from './events.ts';
import { findingRows, limitRows, ruledOutRows } from './finding-rows.ts';
import { formatBytes, formatKnown, formatShare, isUnavailable } from './format.ts';
import { mappingRows } from './mappings.ts';
import { labelled } from './panel.ts';
import { processName } from './process-name.ts';
import { threadRows } from './threads.ts';
import { reportStatus } from './tones.ts';
import { wrapText } from './wrap-text.ts';
import { nsOrigin } from './zoom.ts';

const labelWidth = 14;
const widest = 80;

/**
 * The report as plain text for a ticket or a pipe: at most 80 columns, no escape sequences, everything that the
 * screen can show in the order one asks for it.
 */
export function renderReportText(report: Report, columns: number): string {
  const width = Math.min(Math.max(columns, 40), widest);
  const sections: readonly Grid[] = [
    answer(report, width),
    facts(report, width),
    clocks(report, width),
    ...findings(report, width),
    titled('busiest threads', threadRows(report, width)),
    titled('mappings', mappingRows(report, width)),
    report.events.length === 0 ? [] : titled('events (newest first)', eventRows(report, width)),
    limitRows(report.limits, width),
  ];
  const rows = sections.filter((section) => section.length > 0).flatMap((section): Grid => [...section, []]);
  return gridText(rows.map((row) => fitRow(row, width))).trimEnd();
}

function answer(report: Report, width: number): Grid {
  const status = reportStatus(report);
  return [
    [cell(`${status.word}: ${formatKnown(report.target.comm, processName)} (pid ${report.target.pid})`)],
    ...sentence(report.headline, width),
    ...sentence(report.coverage.sentence, width),
  ];
}

function facts(report: Report, width: number): Grid {
  const { host, target, cost, impact } = report;
  const text = (value: string) => value;
  const share = (value: Known<number>, what: string) =>
    formatKnown(value, (part) => `${formatShare(part)} of ${what}`) +
    (isUnavailable(value) ? ` (part of ${what})` : '');
  const table: readonly (readonly [string, string])[] = [
    ['at', `${report.at}, vdsotop ${report.tool.version}`],
    [
      'target',
      `${formatKnown(target.exe, text)}, ${formatKnown(target.bits, (bits) => `${bits}-bit`)}, ${formatKnown(target.linkage, text)}, threads ${formatKnown(target.threads, String)}${target.ended ? ', ended' : ''}`,
    ],
    [
      'host',
      `${formatKnown(host.hostname, text)}, Linux ${formatKnown(host.kernel, text)}, ${formatKnown(host.architecture, text)}, hypervisor ${formatKnown(host.hypervisor, text)}`,
    ],
    [
      'clocksource',
      `${formatKnown(host.clocksource, text)} (available: ${formatKnown(host.availableClocksources, (names) => names.join(' '))}); vDSO mode ${formatKnown(host.clockMode, text)}`,
    ],
    ['impact', `${share(impact.coreShare, 'a core')}, ${share(impact.targetCpuShare, "the target's CPU time")}`],
    [
      'vdsotop',
      `${formatShare(cost.coreShare)} of a core, ${formatBytes(cost.rssBytes)}; ${countingCost(report).long}`,
    ],
  ];
  return table.flatMap(([label, value]) => labelled(label, sentence(value, width - labelWidth), labelWidth));
}

function clocks(report: Report, width: number): Grid {
  const all = clockRows(report);
  const rows = all.filter(({ verdict }) => verdict !== 'idle');
  const idle = all.filter(({ verdict }) => verdict === 'idle').map(({ name }) => name);
  const table = clockTable({
    report,
    series: [],
    rows,
    selected: undefined,
    width,
    height: rows.length + 1,
    drawing: undefined,
  });
  return [
    [cell(`clocks (${nsOrigin})`)],
    ...(rows.length > 0 ? table : [[cell('  no clock read was seen')]]),
    ...(idle.length > 0 ? labelled('idle', sentence(idle.join(', '), width - labelWidth), labelWidth) : []),
  ];
}

function findings({ findings: all }: Report, width: number): readonly Grid[] {
  if (all.length === 0) return [[[cell('findings: none')]]];
  const standing = all.filter(({ verdict }) => verdict !== 'ruled-out');
  const ruledOut = all.filter(({ verdict }) => verdict === 'ruled-out');
  return [...standing.map((finding) => findingRows(finding, width)), ruledOutRows(ruledOut, width)];
}

function titled(title: string, body: Grid): Grid {
  return [[cell(title)], ...body];
}

function sentence(text: string, width: number): readonly Row[] {
  return wrapText(text, width).map((line) => [cell(line)]);
}
