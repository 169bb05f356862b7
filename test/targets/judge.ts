import { sum } from '../../src/analysis/statistics.ts';
import type { CallSiteSummary } from '../../src/model/call-sites.ts';
import type { Finding } from '../../src/model/findings.ts';
import type { Known } from '../../src/model/reading.ts';
import type { Report } from '../../src/model/report.ts';
import type { Caller, Expected, OwnCounts } from './target.ts';

const paceTolerance = 0.02;
/** The suite asks whether an estimate is sane; how often an interval holds the truth is measured by the benchmark. */
const estimateTolerance = 0.25;
const countTolerance = 0.001;
const leastShareTolerance = 0.05;
/** Of a short watch, and of one of ten seconds or more. */
const leastSamples = { short: 12, long: 100 } as const;
const longSeconds = 9;
const ownLayers: readonly string[] = ['program', 'libc', 'vdso'];

/** Everything in which the report differs from what is expected, one sentence each; empty when all of it holds. */
export function judgeReport(report: Report, expected: Expected, own: OwnCounts): readonly string[] {
  return [
    ...differs('verdict', report.verdict, expected.verdict),
    ...differs('accused causes', accused(report), [...expected.causes].sort()),
    ...differs('amplifiers and contexts', beside(report), [...(expected.beside ?? [])].sort()),
    ...(expected.headline.test(report.headline) ? [] : [`headline: '${report.headline}' lacks ${expected.headline}`]),
    ...Object.entries(expected.perSecond ?? {}).flatMap(([name, rate]) => judgePace(report, name, rate)),
    ...Object.entries(expected.evidence ?? {}).flatMap(([id, named]) => judgeEvidence(report, id, named)),
    ...Object.entries(expected.fastPerSecond ?? {}).flatMap(([name, rate]) => judgeEstimate(report, name, rate)),
    ...Object.entries(expected.counted ?? {}).flatMap(([name, places]) => judgeCount(report, name, places, own)),
    ...(expected.callers ?? []).flatMap((caller) => judgeCaller(report, caller)),
    ...Object.entries(expected.wouldNotHelp ?? {}).flatMap(([id, said]) => judgeAdvice(report, id, said)),
    ...judgeIdentity(report, expected),
  ];
}

/** Causes that are confirmed, or likely with a '?': 'direct-syscall MONOTONIC', 'fast-but-hot?'. */
export function accused({ findings }: Report): readonly string[] {
  return findings
    .filter(({ role }) => role === 'cause')
    .flatMap(named)
    .sort();
}

/** The same of amplifiers and contexts that are about this target, not about the host. */
export function beside({ findings }: Report): readonly string[] {
  return findings
    .filter(({ role, layer }) => role !== 'cause' && ownLayers.includes(layer))
    .flatMap(named)
    .sort();
}

function named({ id, covers, verdict }: Finding): readonly string[] {
  const name = [id, covers.join(' and ')].join(' ').trim();
  if (verdict === 'confirmed') return [name];
  return verdict === 'likely' ? [`${name}?`] : [];
}

/** Seconds from attaching to the report. */
export function secondsToReport({ at, events }: Report): number {
  const attached = events.find(({ kind }) => kind === 'attached');
  return attached === undefined ? Number.POSITIVE_INFINITY : (Date.parse(at) - attached.atMs) / 1_000;
}

function differs(what: string, got: unknown, wanted: unknown): readonly string[] {
  const [gotText, wantedText] = [JSON.stringify(got), JSON.stringify(wanted)];
  return gotText === wantedText ? [] : [`${what}: got ${gotText}, expected ${wantedText}`];
}

function isOff(got: Known<number> | undefined, wanted: number, tolerance: number): boolean {
  return typeof got !== 'number' || Math.abs(got - wanted) > wanted * tolerance;
}

function rowOf({ clocks, functions }: Report, name: string) {
  return [...clocks, ...functions].find((row) => row.name === name);
}

function judgePace(report: Report, name: string, wanted: number): readonly string[] {
  const got = rowOf(report, name)?.kernelEntriesPerSecond;
  return isOff(got, wanted, paceTolerance) ? [`${name}: ${JSON.stringify(got)} entries/s, made ${wanted}/s`] : [];
}

function judgeEstimate(report: Report, name: string, made: number): readonly string[] {
  const got = rowOf(report, name)?.fastCallsPerSecond;
  if (got === undefined || 'unavailable' in got) return [`${name}: vDSO calls/s are ${JSON.stringify(got)}`];
  const { value, low, high } = got;
  const near = value > 0 && low <= made * (1 + estimateTolerance) && high >= made * (1 - estimateTolerance);
  return near ? [] : [`${name}: vDSO calls/s ${[low, value, high].map(Math.round).join(' … ')}, made ${made}`];
}

function judgeEvidence({ findings }: Report, id: string, named: RegExp): readonly string[] {
  const decisive = findings
    .filter((finding) => finding.id === id)
    .flatMap(({ evidence }) => evidence)
    .filter(({ direction, strength }) => direction === 'supports' && strength === 'decisive');
  return decisive.some(({ seen }) => named.test(seen)) ? [] : [`${id}: no decisive evidence says ${named}`];
}

function judgeCount(report: Report, name: string, places: readonly string[], own: OwnCounts): readonly string[] {
  const made = places.reduce((sum, place) => sum + (own[place] ?? Number.NaN), 0);
  const got = rowOf(report, name)?.kernelEntries;
  return isOff(got, made, countTolerance) || Number.isNaN(made)
    ? [`${name}: counted ${JSON.stringify(got)} entries, the program made ${made}`]
    : [];
}

function judgeCaller(report: Report, { side, clock, symbol, share }: Caller): readonly string[] {
  const { callSites } = report;
  if ('unavailable' in callSites) return [`call sites: ${callSites.unavailable}: ${callSites.detail}`];
  const names = (site: CallSiteSummary) => [site.place, ...site.callers].map((place) => place.symbol);
  const all = callSites.filter((site) => site.side === side && site.clock === clock);
  const own = all.filter((site) => names(site).includes(symbol));
  const samples = sum(all.map((site) => site.samples));
  const got = sum(own.map((site) => site.share));
  const said = {
    low: sum(own.map((site) => site.shareLimits.low)),
    high: Math.min(1, sum(own.map((site) => site.shareLimits.high))),
  };
  const of = `${symbol}: got ${percent(got)} (${percent(said.low)} to ${percent(said.high)}) of ${clock} on the ${side} side, by ${samples} samples; made ${percent(share)}`;
  return [
    ...(samples < leastSamples[isLong(report) ? 'long' : 'short'] ? [`${of}: too few samples`] : []),
    ...(Math.abs(got - share) > shareTolerance(share, samples) ? [of] : []),
    ...(holds(said, got, share) ? [] : [`${of}: not within its own limits`]),
    ...(isTooWide(report, said, samples) ? [`${of}: its limits say too little`] : []),
  ];
}

/** Samples drawn one by one lie so far from the truth in 1 of 16,000 runs; five points where there are enough of them. */
function shareTolerance(share: number, samples: number): number {
  return Math.max(leastShareTolerance, 4 * Math.sqrt((share * (1 - share)) / samples));
}

/** Stated limits of 95 % leave the truth out in 1 of 20 runs, and twice as wide ones in 1 of 10,000. */
function holds({ low, high }: CallSiteSummary['shareLimits'], got: number, share: number): boolean {
  return share >= got - 2 * (got - low) && share <= got + 2 * (high - got);
}

function isLong({ window }: Report): boolean {
  return window.seconds > longSeconds;
}

/** Where there are moments enough, 900 samples tell a share within 5 points: limits twice as far away are too wide. */
function isTooWide(report: Report, { low, high }: CallSiteSummary['shareLimits'], samples: number): boolean {
  const saysNothing = low === 0 && high === 1;
  return isLong(report) && !saysNothing && (high - low) / 2 > 2 * leastShareTolerance * Math.sqrt(900 / samples);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function judgeAdvice({ findings }: Report, id: string, said: RegExp): readonly string[] {
  const advice = findings.find((finding) => finding.id === id && finding.verdict === 'confirmed')?.fix?.wouldNotHelp;
  return said.test(advice ?? '') ? [] : [`${id}: what would not help is '${advice}', lacks ${said}`];
}

function judgeIdentity(
  { target, events }: Report,
  { bits, linkage, libc, runtime, event }: Expected,
): readonly string[] {
  return [
    ...(bits === undefined ? [] : differs('bits', target.bits, bits)),
    ...(linkage === undefined ? [] : differs('linkage', target.linkage, linkage)),
    ...(libc === undefined ? [] : differs('libc', nameOf(target.libc), libc)),
    ...(runtime === undefined ? [] : differs('runtime', nameOf(target.runtime), runtime)),
    ...(event === undefined || events.some(({ kind, text }) => event.test(`${kind}: ${text}`))
      ? []
      : [`no event like ${event}`]),
  ];
}

function nameOf(known: Known<{ readonly name: string }>): string {
  return 'unavailable' in known ? `${known.unavailable}: ${known.detail}` : known.name;
}
