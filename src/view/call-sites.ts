import type { CallSiteSummary } from '../model/call-sites.ts';
import type { Report } from '../model/report.ts';
import { callSiteLimitRows } from './call-site-limits.ts';
import { foundBy, samplesOn, sampleWords, sides, sideWords, sitesOf, whereWords } from './call-site-words.ts';
import { cell, type Grid, type Row, rowWidth } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import { fitText } from './fit-text.ts';
import { formatPlural, formatShare, isUnavailable, unavailableWord } from './format.ts';
import { formatShareLimits } from './format-limits.ts';
import { printable, textWidth } from './printable.ts';
import { shortenWords } from './shorten-words.ts';
import type { Tone } from './tones.ts';
import { wrapText } from './wrap-text.ts';

/** ' kernel  62 %  ' */
const leadWidth = 15;
/** Sites that the panel lists: who scrolls further is better off with the zoomed one, and every row costs CPU a frame. */
const listedAtOnce = 10;
/** Threads that are named beside a site: two, or three from this width on; the zoomed panel names all. */
const threeThreadsFrom = 70;

/**
 * Who reads the selected clock: side, share of the samples, the caller and the libc function between, and its threads.
 * Where there is nothing to list, why, and what would change it.
 */
export function callSiteRows(report: Report, clock: ClockRow | undefined, width: number): Grid {
  const { callSites } = report;
  if (isUnavailable(callSites)) {
    const why = sentence(`call sites ${unavailableWord(callSites)}: ${callSites.detail}`, 'unknown', width);
    return callSites.remedy === undefined ? why : [...why, ...sentence(`try: ${callSites.remedy}`, 'accent', width)];
  }
  const sites = sitesOf(report, clock);
  const more = sites.length - listedAtOnce;
  return [
    ...sites.slice(0, listedAtOnce).flatMap((site) => siteRows(site, width)),
    ...(more > 0 ? sentence(`and ${formatPlural(more, 'site')} with fewer samples: c shows all`, 'muted', width) : []),
    ...withoutSample(sites, clock, width),
    ...(lacksNames(sites) ? callSiteLimitRows(report, width) : []),
  ];
}

/** Whether anything can be listed: the panel has more to say than why it is empty. */
export function hasCallSites(report: Report, clock: ClockRow | undefined): boolean {
  return sitesOf(report, clock).length > 0;
}

/** One site in two or three rows: the caller, then how sure its share is if asked for, in which threads and how it was found. */
export function siteRows(site: CallSiteSummary, width: number, limits?: 'with-limits'): Grid {
  const room = Math.max(width - leadWidth, 8);
  const lines = wrapText(shortenWords(site.sentence, room), room);
  const { word, tone } = sideWords[site.side];
  const share = fitText(formatShare(site.share), 5, 'right');
  const caller = lines.map((line, index): Row => {
    const text = cell(line, index === 0 ? 'strong' : 'plain');
    return index === 0 ? [cell(` ${word.padEnd(6)} `, tone), cell(`${share}  `), text] : [indent, text];
  });
  const within = limits === undefined ? '' : formatShareLimits(site.shareLimits);
  const first: readonly Aside[] = within === '' ? [] : [[`within ${within}`, 'muted']];
  return joined(caller, [...first, ...asides(site, width < threeThreadsFrom ? 2 : 3)], width);
}

const indent = cell(' '.repeat(leadWidth));

type Aside = readonly [string, Tone];

function asides(site: CallSiteSummary, threadsNamed: number): readonly Aside[] {
  const found = foundBy(site);
  const resolution: readonly Aside[] = site.fn === 'clock_getres' ? [['by clock_getres', 'muted']] : [];
  return [
    [whereWords(site, threadsNamed), 'muted'],
    ...resolution,
    ...(found === undefined ? [] : [[found.words, found.tone] as const]),
  ];
}

/** What is said beside a caller: behind it where there is room, else in rows of its own. */
function joined(rows: Grid, words: readonly Aside[], width: number): Grid {
  const result: Row[] = [...rows];
  for (const [text, tone] of words) {
    const last = result.at(-1) ?? [];
    if (rowWidth(last) + textWidth(printable(text)) + 3 <= width)
      result[result.length - 1] = [...last, cell(` · ${printable(text)}`, tone)];
    else
      result.push(
        ...wrapText(shortenWords(text, width - leadWidth), width - leadWidth).map((line) => [indent, cell(line, tone)]),
      );
  }
  return result;
}

/** Sides on which the clock was seen to be read, and no sample says from where. */
function withoutSample(sites: readonly CallSiteSummary[], clock: ClockRow | undefined, width: number): Grid {
  if (clock === undefined) return sentence('no clock to show yet', 'muted', width);
  const seen = {
    kernel: isSome(clock.kernelEntriesPerSecond),
    vdso: clock.servedByVdso !== false && isSome(clock.fastCallsSeen),
  };
  const lacking = sides.filter((side) => seen[side] && samplesOn(sites, side) === 0);
  if (lacking.length > 0)
    return lacking.flatMap((side) =>
      sentence(`no ${sideWords[side].word} sample of ${clock.name} yet, though it is read there`, 'muted', width),
    );
  if (sites.length > 0) return [];
  const none = clock.verdict === 'idle' ? 'no read was seen in this window' : 'no sample of it yet';
  return sentence(`${clock.name}: ${none}`, 'muted', width);
}

/** Whether a file whose code is listed has no name for it. */
function lacksNames(sites: readonly CallSiteSummary[]): boolean {
  const frames = sites.flatMap(({ place, callers }) => [place, ...callers]);
  return frames.some(({ kind, symbol }) => symbol === undefined && (kind === 'executable' || kind === 'library'));
}

function isSome(count: ClockRow['fastCallsSeen']): boolean {
  return !isUnavailable(count) && count > 0;
}

/** What stands in the title of the panel: samples of this clock, and what was dropped of all. */
export function callSiteNotes(report: Report, clock: ClockRow | undefined): readonly string[] {
  const sites = sitesOf(report, clock);
  const taken = sampleWords(sites);
  if (taken === '') return [];
  const lost = dropped(report);
  const total = sites.reduce((sum, { samples }) => sum + samples, 0);
  const short = [taken, formatPlural(total, 'sample')];
  const seen = processesSeen(report);
  const whole = lost === '' ? [] : [`${taken}, ${lost}`];
  return [...(seen === '' ? [] : [...whole, ...short].map((note) => `${note}, ${seen}`)), ...whole, ...short];
}

/** In a tree, of how many of the processes that enter the kernel entries were sampled. */
function processesSeen({ coverage: { processes } }: Report): string {
  if (processes === undefined || processes.count === 1 || isUnavailable(processes.entering)) return '';
  return processes.entering === 0
    ? ''
    : `entries of ${processes.enteringSampled} of ${processes.entering} processes sampled`;
}

function dropped({ coverage: { callSiteSamples } }: Report): string {
  if (callSiteSamples === undefined || isUnavailable(callSiteSamples)) return '';
  return callSiteSamples.lost === 0 ? 'none dropped' : `${callSiteSamples.lost} dropped`;
}

function sentence(text: string, tone: Tone, width: number): Grid {
  return wrapText(text, width - 1).map((line) => [cell(` ${line}`, tone)]);
}
