import type { Report } from '../model/report.ts';
import { callSiteNotes, callSiteRows } from './call-sites.ts';
import { callSitesInFull } from './call-sites-in-full.ts';
import { cell } from './cells.ts';
import { clocksContent } from './clocks-content.ts';
import type { Content } from './content.ts';
import { eventRows, eventsInFull } from './events.ts';
import { formatPlural, formatShare, isUnavailable, unavailableWord } from './format.ts';
import { helpRows } from './help.ts';
import { mappingRows } from './mappings.ts';
import { traceRows } from './perf-trace.ts';
import type { Scene } from './scene.ts';
import type { Mode, PanelId } from './screen-state.ts';
import { threadRows } from './threads.ts';
import { whyHeight, whyInFull, whyRows } from './why.ts';
import { nsOrigins, zoomRows } from './zoom.ts';

type MakeContent = (scene: Scene, width: number, height: number) => Content;

/** The panels of the overview, in `width` × `height` without the title row. */
export const panelContents: Readonly<Record<PanelId, MakeContent>> = {
  clocks: clocksContent,
  why: whyContent,
  callSites: ({ frame: { report }, clock }, width) => ({
    title: clock === undefined ? 'call sites' : `call sites: ${clock.name}`,
    notes: callSiteNotes(report, clock),
    body: callSiteRows(report, clock, width),
  }),
  threads: ({ frame: { report } }, width) => ({
    title: 'threads',
    notes: threadNotes(report),
    body: threadRows(report, width),
  }),
  mappings: ({ frame }, width) => ({ title: 'mappings', body: mappingRows(frame.report, width) }),
  events: ({ frame }, width) => ({ title: 'events', body: eventRows(frame.report, width) }),
  chart: ({ frame, clock, state, drawing }, width, height) => ({
    title: `${clock?.name ?? 'clock'} ns per call, ${state.scale}`,
    notes: nsOrigins,
    body: zoomRows({ frame, clock, scale: state.scale, width, height, drawing }),
  }),
};

/** What fills the screen below the header when a panel is zoomed. */
export const zoomedContents: Readonly<Record<Exclude<Mode, 'overview'>, MakeContent>> = {
  chart: panelContents.chart,
  threads: panelContents.threads,
  callSites: ({ frame: { report }, clock, clocks }, width) => ({
    title: clock === undefined ? 'call sites' : `call sites: ${clock.name}`,
    notes: callSiteNotes(report, clock),
    body: callSitesInFull(report, clock, clocks, width),
  }),
  mappings: panelContents.mappings,
  events: ({ frame }, width) => ({ title: 'events', body: eventsInFull(frame.report, width) }),
  why: ({ frame, clock }, width) => ({
    title: clock === undefined ? 'why' : `why: ${clock.name}`,
    notes: ['every finding, for and against'],
    body: whyInFull(frame.report, clock, width),
  }),
  help: ({ state, glossary, frame }, width) => ({
    title: state.helpPage === 0 ? 'keys' : 'words',
    notes: [`page ${state.helpPage + 1} of 2`],
    // Without a list of all causes at least those are explained that this report speaks of.
    body: helpRows(state.helpPage, glossary.length > 0 ? glossary : frame.report.findings, width),
  }),
  trace: ({ trace }, width) => ({ title: 'perf trace', body: trace === undefined ? [] : traceRows(trace, width) }),
};

/** As much of the explanation as fits; scrolled, all of it from there on. */
function whyContent(
  { frame: { report, state: liveState }, clock, state }: Scene,
  width: number,
  height: number,
): Content {
  if (liveState === 'measuring') return { title: 'why', body: [[cell(' no verdict yet', 'muted')]] };
  const all = whyRows(report, clock, width, Number.POSITIVE_INFINITY);
  const scrolled = (state.scroll.why ?? 0) > 0;
  return {
    title: clock === undefined ? 'why' : `why: ${clock.name}`,
    notes: whyHeight(report, clock, width) > height && !scrolled ? ['x shows all'] : [],
    body: scrolled ? all : whyRows(report, clock, width, height),
    scrollMost: Math.max(all.length - height, 0),
  };
}

/** What is laid to no thread is in no row. */
function threadNotes({ target, coverage }: Report): readonly string[] {
  const count = threadCount(target.threads);
  const { entriesOfNoThread: part } = coverage;
  if (part === undefined) return [count];
  const ofNone = `${formatShare(part)} of entries laid to no thread`;
  return [`${count} · ${ofNone}`, ofNone];
}

function threadCount(threads: Scene['frame']['report']['target']['threads']): string {
  return isUnavailable(threads) ? `thread count ${unavailableWord(threads)}` : formatPlural(threads, 'thread');
}
