import type { Finding } from '../model/findings.ts';
import type { Report } from '../model/report.ts';
import { callSiteSections } from './call-sites-in-full.ts';
import { cell, fitRow, type Grid, gridText, type Row } from './cells.ts';
import { type ClockRow, clockRows } from './clock-rows.ts';
import { clockTable, countsAreExact } from './clock-table.ts';
import { eventsInFull } from './events.ts';
import { findingRows, limitRows, neverKnownRows, ruledOutRows } from './finding-rows.ts';
import { formatKnown, isUnavailable } from './format.ts';
import { idleBound } from './idle-bound.ts';
import { isLostWithTarget } from './lost-with-target.ts';
import { mappingRows } from './mappings.ts';
import { neverKnown } from './never-known.ts';
import { noClockSeen } from './no-clock-seen.ts';
import { labelled } from './panel.ts';
import { processName } from './process-name.ts';
import { readSplit } from './read-split.ts';
import { costFacts, coverageFacts, type Fact, factsOf } from './report-facts.ts';
import { disagreement } from './seen-sentence.ts';
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
  const rows = clockRows(report);
  const sections: readonly Grid[] = [
    [...answer(report, width), [], ...table(factsOf(report), width)],
    clocks(report, rows, width),
    functions(report, rows, width),
    titled('busiest threads', threadRows(report, width)),
    isLostWithTarget(report, report.callSites)
      ? []
      : titled('call sites (sampled)', callSiteSections(report, rows, width)),
    ...findings(report, width),
    neverKnownRows(neverKnown(report), width),
    isLostWithTarget(report, report.mappings) ? [] : titled('mappings', mappingRows(report, width)),
    report.events.length === 0 ? [] : titled('events (newest first)', eventsInFull(report, width)),
    titled('coverage', table(coverageFacts(report), width)),
    titled('cost of watching', table(costFacts(report), width)),
    limitRows(report.limits, width),
    ruledOut(report, width),
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section): Grid => [...section, []]);
  return gridText(lines.map((row) => fitRow(row, width))).trimEnd();
}

function answer(report: Report, width: number): Grid {
  const status = reportStatus(report);
  return [
    [cell(`${status.word}: ${formatKnown(report.target.comm, processName)} (pid ${report.target.pid})`)],
    ...sentence(report.headline, width),
    ...whatToRun(report, width),
  ];
}

/** Where nothing is counted, the line that would change that comes before twenty findings that miss it. */
function whatToRun({ coverage: { method } }: Report, width: number): Grid {
  if (!isUnavailable(method) || method.remedy === undefined) return [];
  return sentence(`try: ${method.remedy}`, width);
}

function table(facts: readonly Fact[], width: number): Grid {
  return facts.flatMap(([label, value]) => labelled(label, sentence(value, width - labelWidth), labelWidth));
}

function clocks(report: Report, all: readonly ClockRow[], width: number): Grid {
  const ids = all.filter(({ slot }) => slot !== undefined);
  const read = ids.filter(({ verdict }) => verdict !== 'idle');
  const idle = ids.filter(({ verdict }) => verdict === 'idle');
  const names = `${idle.map(({ name }) => name).join(', ')}${idleBound(report, idle)}`;
  return [
    [cell(`clocks (${nsOrigin})`)],
    ...(read.length > 0 ? reads(report, read, width) : [[cell(` ${noClockSeen(report)}`)]]),
    ...(idle.length > 0 ? table([['idle', names]], width) : []),
  ];
}

function functions(report: Report, all: readonly ClockRow[], width: number): Grid {
  const called = all.filter(({ slot }) => slot === undefined);
  return called.length === 0 ? [] : titled('functions', reads(report, called, width));
}

/** The table, and below it both halves of what each is read, with the interval that the table has no room for. */
function reads(report: Report, rows: readonly ClockRow[], width: number): Grid {
  const exact = countsAreExact(report);
  const shown = clockTable({
    report,
    series: [],
    rows,
    selected: undefined,
    width,
    height: rows.length + 1,
    drawing: undefined,
  });
  const seen = rows.filter(({ verdict }) => verdict === 'slow' || verdict === 'fast');
  const words = seen.flatMap((row) => [
    `${row.name}: ${readSplit(row, exact, report.coverage.windowSeconds)}`,
    ...(row.probesDisagree === undefined ? [] : [`${row.name}: ${disagreement(row.probesDisagree)}`]),
  ]);
  return [...shown, ...words.flatMap((text) => sentence(text, width - 1, ' '))];
}

function findings(report: Report, width: number): readonly Grid[] {
  const never = neverKnown(report);
  const told = report.findings.filter((finding) => finding.verdict !== 'ruled-out' && !never.includes(finding));
  const standing = withoutRepeats(told);
  const [first, ...others] = standing.map((finding) => findingRows(finding, width));
  return [
    titled(
      'findings',
      first ?? [[cell(never.length > 0 ? ' none, of what could be seen' : ' none but what is ruled out')]],
    ),
    ...others,
  ];
}

/** The same reading is missing from many findings: why, and what would supply it, is said once. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const said = new Set<string>();
  return findings.map((finding) => {
    const missing = finding.missing.map((one) => {
      const key = `${one.reading}\n${one.detail}`;
      const isRepeated = said.has(key);
      said.add(key);
      return isRepeated ? { reading: one.reading, detail: 'as above' } : one;
    });
    return { ...finding, missing };
  });
}

function ruledOut({ findings: all }: Report, width: number): Grid {
  return ruledOutRows(
    all.filter(({ verdict }) => verdict === 'ruled-out'),
    width,
  );
}

function titled(title: string, body: Grid): Grid {
  return [[cell(title)], ...body];
}

function sentence(text: string, width: number, indent = ''): readonly Row[] {
  return wrapText(text, width).map((line) => [cell(indent + line)]);
}
