import type { CallSiteSummary } from '../model/call-sites.ts';
import type { Report } from '../model/report.ts';
import { callSiteLimitRows } from './call-site-limits.ts';
import { foundBy, placeWords, sampleWords, sideWords, sitesOf, threadWords, whereWords } from './call-site-words.ts';
import { callSiteRows, siteRows } from './call-sites.ts';
import { cell, type Grid, type Row } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import { field, heading } from './finding-rows.ts';
import { cutText } from './fit-text.ts';
import { formatPlural, formatShare, isUnavailable } from './format.ts';
import { formatShareLimits } from './format-limits.ts';
import { wrapText } from './wrap-text.ts';

/** '7ffff7fc1a3b  ' */
const addressWidth = 18;
/** Sites a clock shows in a report for people; the JSON holds all. */
const sitesInText = 6;

/** Every site of the selected clock with its whole chain of callers and addresses, then those of the other clocks. */
export function callSitesInFull(
  report: Report,
  clock: ClockRow | undefined,
  clocks: readonly ClockRow[],
  width: number,
): Grid {
  const own = sitesOf(report, clock);
  if (isUnavailable(report.callSites)) return callSiteRows(report, clock, width);
  const others = clocks.filter((one) => one !== clock && sitesOf(report, one).length > 0);
  return [
    ...(own.length === 0 ? callSiteRows(report, clock, width) : own.flatMap((site) => [...chain(site, width), []])),
    ...spaced(callSiteLimitRows(report, width)),
    ...(others.length > 0 ? [heading('of other clocks')] : []),
    ...others.flatMap((one) => [[cell(` ${one.name}`, 'muted')] as const, ...shortList(report, one, width)]),
  ];
}

/** The sites of every clock that has any, for a report: as the panel lists them, clock by clock. */
export function callSiteSections(report: Report, clocks: readonly ClockRow[], width: number): Grid {
  if (isUnavailable(report.callSites)) return callSiteRows(report, undefined, width);
  const sampled = clocks.filter((clock) => sitesOf(report, clock).length > 0);
  if (sampled.length === 0) return [[cell(' none was sampled in this window', 'muted')]];
  const lists = sampled.flatMap((clock) => [
    [cell(` ${clock.name}`, 'strong'), cell(` (${sampleWords(sitesOf(report, clock))})`, 'muted')] as const,
    ...shortList(report, clock, width),
  ]);
  return [...lists, ...callSiteLimitRows(report, width)];
}

function spaced(rows: Grid): Grid {
  return rows.length === 0 ? [] : [...rows, []];
}

function shortList(report: Report, clock: ClockRow, width: number): Grid {
  const sites = sitesOf(report, clock);
  const more = sites.length - sitesInText;
  const rows = sites.slice(0, sitesInText).flatMap((site) => siteRows(site, width, 'with-limits'));
  return more > 0 ? [...rows, [cell(` and ${formatPlural(more, 'site')} with fewer samples`, 'muted')]] : rows;
}

/** The instruction, then who called it, one frame a row, nearest first. */
function chain(site: CallSiteSummary, width: number): Grid {
  const { word, tone } = sideWords[site.side];
  const found = foundBy(site);
  const limits = formatShareLimits(site.shareLimits);
  const samples = `${formatShare(site.share)} of its ${word} samples (${site.samples}${limits === '' ? '' : `; of all reads ${limits}`}), ${site.fn}`;
  const frames = [site.place, ...site.callers].flatMap(
    (place, depth): Grid =>
      wrapText(placeWords(place), width - addressWidth - 1).map(
        (line, index): Row => [
          cell(index === 0 ? ` ${place.address.padStart(addressWidth - 3)}  ` : ' '.repeat(addressWidth), 'muted'),
          cell(line, depth === 0 ? 'plain' : 'strong'),
        ],
      ),
  );
  return [
    [cell(` ${word.padEnd(7)}`, tone), cell(cutText(samples, width - 8))],
    ...frames,
    ...(found === undefined ? [] : field('found', [found.words], found.tone, width)),
    ...(site.processes === undefined
      ? []
      : field('in', [whereWords(site, site.processes.busiest.length)], 'muted', width)),
    ...field('threads', [threadWords(site, site.threads.length)], 'muted', width),
  ];
}
