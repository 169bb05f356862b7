import type { CallSiteSummary } from '../model/call-sites.ts';
import type { Finding } from '../model/findings.ts';
import type { Report } from '../model/report.ts';
import { foundBy, nameLimit, sideWords } from './call-site-words.ts';
import { chooseColumns, hasWatchedPrice } from './clock-columns.ts';
import { type ClockRow, clockRows } from './clock-rows.ts';
import { countsAreExact } from './clock-table.ts';
import { formatKnown, isUnavailable, notKnown } from './format.ts';
import { formatShareInterval } from './format-limits.ts';
import { idleBound } from './idle-bound.ts';
import { markdownCode, markdownTable, markdownText } from './markdown.ts';
import { neverKnown } from './never-known.ts';
import { noClockSeen } from './no-clock-seen.ts';
import { processName } from './process-name.ts';
import { costFacts, coverageFacts, factsOf } from './report-facts.ts';
import { findingStatuses, reportStatus } from './tones.ts';
import { nsOrigin } from './zoom.ts';

/** Columns of a screen on which every column that matters has room. */
const tableWidth = 110;
const sitesListed = 8;

/**
 * The report as Markdown for a postmortem: the answer, the table of the clocks that were read, what stands behind it
 * with evidence and fix, who calls, and what was watched at which cost.
 */
export function renderReportMarkdown(report: Report): string {
  const rows = clockRows(report);
  const sections = [
    answer(report),
    clocks(report, rows),
    findings(report),
    callSites(report),
    namesLacking(report),
    facts(report),
  ].filter((section) => section.length > 0);
  return `${sections.map((section) => section.join('\n')).join('\n\n')}\n`;
}

function answer(report: Report): readonly string[] {
  const comm = markdownText(formatKnown(report.target.comm, processName));
  const { word } = reportStatus(report);
  return [`**${word}: ${comm} (pid ${report.target.pid})**`, '', `> ${markdownText(report.headline)}`];
}

function clocks(report: Report, rows: readonly ClockRow[]): readonly string[] {
  const read = rows.filter(({ verdict }) => verdict !== 'idle');
  const idle = rows.filter(({ verdict }) => verdict === 'idle');
  const names = idle.map(({ name }) => markdownText(name)).join(', ');
  const context = { exact: countsAreExact(report), series: [], marks: [], drawing: undefined };
  const columns = chooseColumns(read, tableWidth, false);
  const lines = read.map((row) =>
    columns.map((column, index) => {
      const { text, footnote = '' } = column.show(row, context, Number.POSITIVE_INFINITY);
      // The mark before the id stands for the word of the verdict, which has a column here.
      return markdownText((index === 0 ? text.slice(2) : text).trim() + footnote);
    }),
  );
  const titles = columns.map(({ title, align }) => ({ title: title.trim(), align }));
  const watched = read.some(hasWatchedPrice) ? ['\\* priced while watched'] : [];
  return [
    ...(read.length === 0 ? [`${capital(noClockSeen(report))}.`] : markdownTable(titles, lines)),
    '',
    `${[nsOrigin, '≈ is sampled or estimated', ...watched].join('; ')}.`,
    ...(idle.length === 0 ? [] : [`Idle: ${names}${markdownText(idleBound(report, idle))}.`]),
  ];
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function findings(report: Report): readonly string[] {
  const never = neverKnown(report);
  const standing = report.findings.filter((one) => one.verdict !== 'ruled-out' && !never.includes(one));
  const unknown = [...new Set(never.map(({ id }) => markdownCode(id)))];
  const ruledOut = report.findings.filter(({ verdict }) => verdict === 'ruled-out').map(idWithClock);
  return [
    '**Why**',
    '',
    ...(standing.length === 0 ? ['- no cause to name'] : standing.flatMap(finding)),
    ...(unknown.length === 0 ? [] : [`- not to be known, as the target has ended: ${unknown.join(', ')}`]),
    ...(ruledOut.length === 0 ? [] : [`- ruled out: ${ruledOut.join(', ')}`]),
  ];
}

/** What is confirmed of one clock is ruled out of others. */
function idWithClock({ id, clock }: Finding): string {
  return `${markdownCode(id)}${clock === undefined ? '' : ` (${markdownText(clock)})`}`;
}

function finding({ verdict, title, clock, id, evidence, missing, fix, savesCoreShare }: Finding): readonly string[] {
  const about = clock === undefined ? '' : `${markdownText(clock)}: `;
  const saves = savesCoreShare === undefined ? '' : `; saves ${formatShareInterval(savesCoreShare)} of a core`;
  return [
    `- **${findingStatuses[verdict].word}** ${about}${markdownText(title)} (${markdownCode(id)})`,
    ...evidence.map(
      ({ direction, seen, where }) =>
        `  - ${direction === 'supports' ? 'for' : 'against'}: ${markdownText(`${seen} (${where})`)}`,
    ),
    ...missing.map(
      ({ reading, detail, remedy }) =>
        `  - missing: ${markdownText(`${reading}: ${detail}`)}${remedy === undefined ? '' : `; try ${markdownCode(remedy)}`}`,
    ),
    ...(fix === undefined
      ? []
      : [
          `  - fix: ${markdownCode(fix.command)}: ${markdownText(fix.effect)}; risk: ${markdownText(fix.risk)}${saves}`,
        ]),
    ...(fix?.wouldNotHelp === undefined ? [] : [`  - would not help: ${markdownText(fix.wouldNotHelp)}`]),
  ];
}

function callSites({ callSites: sites }: Report): readonly string[] {
  if (isUnavailable(sites)) return [`Call sites: ${notKnown(sites)}: ${markdownText(sites.detail)}`];
  if (sites.length === 0) return [];
  const columns = ['clock', 'side', 'share', 'called from (sampled)'].map((title) => ({
    title,
    align: title === 'share' ? ('right' as const) : ('left' as const),
  }));
  const more = sites.length - sitesListed;
  return [
    ...markdownTable(columns, sites.slice(0, sitesListed).map(callSite)),
    ...(more > 0 ? ['', `and ${more} more`] : []),
  ];
}

function namesLacking({ callSiteLimits }: Report): readonly string[] {
  return callSiteLimits.map((limit) => {
    const remedy = limit.remedy === undefined ? '' : `; try ${markdownCode(limit.remedy)}`;
    return `- ${markdownText(nameLimit(limit))}${remedy}`;
  });
}

function callSite(site: CallSiteSummary): readonly string[] {
  const found = foundBy(site);
  return [
    markdownText(site.clock),
    sideWords[site.side].word,
    formatShareInterval({ value: site.share, ...site.shareLimits }),
    markdownText(site.sentence + (found === undefined ? '' : ` (${found.words})`)),
  ];
}

function facts(report: Report): readonly string[] {
  const all = [...factsOf(report), ...coverageFacts(report), ...costFacts(report)];
  return all.map(([label, value]) => `- ${label}: ${markdownText(value)}`);
}
