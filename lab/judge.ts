import type { Finding } from '../src/model/findings.ts';
import type { Report } from '../src/model/report.ts';
import type { Expected } from './scenario.ts';
import { type Way, type WayName, ways } from './ways.ts';

const usualSeconds = 5;
const usualWatchedSeconds = 2;
/**
 * An emulated guest is as slow as its host makes it, from one to the next by a factor of five. Where instructions alone
 * move its clock (QEMU's -icount shift=3) a verdict took eleven times as long as Node's bare start, the watching not
 * counted in.
 */
const nodeStarts = 12;

/** What a report is held against beside what is expected of its target. */
export interface Circumstances {
  /** What is confirmed of the machine whatever the target does. */
  readonly machine: readonly string[];
  readonly way: WayName;
  /** From attaching to the report. */
  readonly seconds: number;
  /** What a bare Node took in the same guest meanwhile to start and end. */
  readonly nodeStartMs: number;
}

/** Everything in which a report differs from what is expected, one sentence each; empty when all of it holds. */
export function judgeScenario(
  report: Report,
  expected: Expected,
  { machine, way, seconds, nodeStartMs }: Circumstances,
): readonly string[] {
  const { verdict, findings, headline } = report;
  const first = findings.find(({ id, verdict: got }) => id === expected.confirmed[0] && got === 'confirmed');
  return [
    ...(verdict === expected.verdict ? [] : [`verdict: got ${verdict}, expected ${expected.verdict}`]),
    ...unconfirmed(findings, [...expected.confirmed, ...machine]),
    ...falselyAccused(findings, [...expected.confirmed, ...machine]),
    ...(expected.never ?? []).flatMap((id) => accusedNeighbour(findings, id)),
    ...lacks('headline', headline, expected.headline),
    ...lacks(
      `what would not help against ${expected.confirmed[0]}`,
      first?.fix?.wouldNotHelp ?? '',
      expected.wouldNotHelp,
    ),
    ...lacks(`evidence of ${expected.confirmed[0]}`, evidenceOf(first), expected.evidence),
    ...notOnce(report, expected.event),
    ...lacks('limits', report.limits.map(({ reading, detail }) => `${reading}: ${detail}`).join('\n'), expected.limit),
    ...inTime(seconds, nodeStartMs, ways[way]),
  ];
}

/** Confirmed findings, and causes that are likely with a '?': 'direct-syscall MONOTONIC'. */
export function accused(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ verdict, role }) => verdict === 'confirmed' || (verdict === 'likely' && role === 'cause'))
    .map(({ id, covers, verdict }) => [id, covers.join(' and ')].join(' ').trim() + (verdict === 'likely' ? '?' : ''))
    .sort();
}

function unconfirmed(findings: readonly Finding[], wanted: readonly string[]): readonly string[] {
  return wanted
    .filter((id) => !findings.some((finding) => finding.id === id && finding.verdict === 'confirmed'))
    .map((id) => `${id}: expected confirmed, got ${verdictsOf(findings, id)}`);
}

function falselyAccused(findings: readonly Finding[], allowed: readonly string[]): readonly string[] {
  return accused(findings.filter(({ id }) => !allowed.includes(id))).map((name) => `not expected: ${name}`);
}

function accusedNeighbour(findings: readonly Finding[], id: string): readonly string[] {
  const named = findings.filter((finding) => finding.id === id);
  if (named.length === 0) return [`${id}: not judged at all`];
  return named.some(({ verdict }) => verdict === 'confirmed' || verdict === 'likely')
    ? [`${id}: got ${verdictsOf(findings, id)}, must not hold`]
    : [];
}

function verdictsOf(findings: readonly Finding[], id: string): string {
  return (
    findings
      .filter((finding) => finding.id === id)
      .map(({ verdict }) => verdict)
      .join(' and ') || 'nothing'
  );
}

function evidenceOf(finding: Finding | undefined): string {
  const supporting = finding?.evidence.filter(
    ({ direction, strength }) => direction === 'supports' && strength !== 'weak',
  );
  return supporting?.map(({ seen }) => seen).join('\n') ?? '';
}

function lacks(what: string, text: string, wanted: RegExp | undefined): readonly string[] {
  return wanted === undefined || wanted.test(text) ? [] : [`${what}: '${text}' lacks ${wanted}`];
}

function notOnce({ events }: Report, event: RegExp | undefined): readonly string[] {
  const told = events.map(({ kind, text }) => `${kind}: ${text}`);
  const times = event === undefined ? 1 : told.filter((text) => event.test(text)).length;
  return times === 1 ? [] : [`${event} is told ${times} times: ${told.join('; ')}`];
}

function inTime(seconds: number, nodeStartMs: number, way: Way): readonly string[] {
  const { watchedSeconds = usualWatchedSeconds, withinSeconds = usualSeconds } = way;
  const most = Math.max(withinSeconds, watchedSeconds + (nodeStarts * nodeStartMs) / 1_000);
  if (seconds <= most) return [];
  const node = `${(nodeStartMs / 1_000).toFixed(2)} s`;
  return [
    `the verdict took ${seconds.toFixed(1)} s from attaching, of ${most.toFixed(1)} where Node starts in ${node}`,
  ];
}
