import type { Missing } from '../model/findings.ts';
import type { Frame } from '../model/frame.ts';
import type { Recording } from '../model/outlets.ts';
import type { Report } from '../model/report.ts';
import { blank, cell, type Grid, type Row, rowWidth } from './cells.ts';
import { countingCost } from './counting-cost.ts';
import { cutText } from './fit-text.ts';
import {
  formatBytes,
  formatInterval,
  formatKnown,
  formatPlural,
  formatSeconds,
  formatShare,
  formatUtcDate,
  formatUtcTime,
  isUnavailable,
} from './format.ts';
import { formatSampledShare } from './format-limits.ts';
import { frameStatus } from './frame-status.ts';
import { processName } from './process-name.ts';
import { packSegments, type Segment } from './segments.ts';
import { stateWord } from './state-word.ts';
import { wrapText } from './wrap-text.ts';

/** Who, how bad, since when: the answer in the first row, the sentence that explains it in the second. */
export function headerRows(frame: Frame, width: number, headlineLines: number, recording?: Recording): Grid {
  return [
    titleRow(frame, width, recording),
    ...headline(frame, width, headlineLines),
    ...replayNotes(frame.report, width),
    packSegments(hostSegments(frame.report), width),
    packSegments(costSegments(frame), width),
  ];
}

/** ' SLOW  name (pid 4711) 37 threads        LIVE  03:12:44 UTC'. */
function titleRow(frame: Frame, width: number, recording: Recording | undefined): Row {
  const { report } = frame;
  const status = frameStatus(frame);
  const badge = cell(` ${status.word} `, status.badge);
  const time = frame.replay === undefined || width < 100 ? formatUtcTime(report.at) : formatUtcDate(report.at);
  const right: Row = [...recordingCells(recording), stateWord(frame), cell(`  ${time}`, 'muted')];
  const room = width - rowWidth([badge, ...right]) - 4;
  const middle = packSegments(targetSegments(frame), Math.max(room, 8));
  const gap = blank(Math.max(width - rowWidth([badge, ...middle, ...right]) - 2, 1));
  return [badge, cell('  '), ...middle, gap, ...right];
}

function targetSegments({ report, idleSeconds, state }: Frame): readonly Segment[] {
  const { target, impact } = report;
  const judged = report.verdict === 'slow' && state !== 'measuring';
  const comm = formatKnown(target.comm, processName);
  const name = `${cutText(comm, 32)} (pid ${target.pid})`;
  const share = (value: Report['impact']['coreShare'], of: string) =>
    isUnavailable(value) ? '' : `${formatShare(value)} of ${of}`;
  const idle =
    idleSeconds === undefined || idleSeconds < 2 ? '' : `no read seen in ${formatSeconds(Math.floor(idleSeconds))}`;
  const core = share(impact.coreShare, 'a core');
  const cost = `kernel entries cost ${core}`;
  return [
    { ways: [name, `${cutText(comm, 16)} ${target.pid}`, String(target.pid)], tone: 'strong' },
    { ways: [idle.replace('.0 s', ' s'), ''], tone: 'warn' },
    { ways: judged && core !== '' ? [cost + sampledBeside(impact), cost, ''] : [''], tone: 'plain' },
    { ways: judged ? [share(impact.targetCpuShare, 'its CPU'), ''] : [''], tone: 'plain' },
    { ways: threadCounts(report), tone: 'plain' },
    { ways: state === 'measuring' ? [''] : [fastShare(impact), ''], tone: 'plain' },
  ];
}

/** '6 threads of 5 processes' where a tree is watched, '6 threads'. */
function threadCounts({ target, coverage: { processes } }: Report): readonly [string, ...string[]] {
  const threads = formatKnown(target.threads, (count) => formatPlural(count, 'thread'));
  if (processes === undefined || processes.count === 1) return [threads, ''];
  return [`${threads} of ${processes.count} processes`, `${processes.count} processes`, ''];
}

/** What CPU sampling met in the kernel's clock code, beside what counts and prices come to: that has locks and copies in it too. */
function sampledBeside({ coreShare, kernelSampledCoreShare: kernel }: Report['impact']): string {
  return isUnavailable(kernel) || isUnavailable(coreShare)
    ? ''
    : ` (sampled in clock code: ${formatSampledShare(kernel)})`;
}

/** What reads on the fast path cost: they have a price too. */
function fastShare({ fastCoreShare: fast }: Report['impact']): string {
  return isUnavailable(fast) || fast.high === 0 ? '' : `sampled: vDSO ${formatSampledShare(fast)} of a core`;
}

/** '● REC 1.2 MiB', or why nothing more is recorded. */
function recordingCells(recording: Recording | undefined): Row {
  if (recording === undefined) return [];
  const { bytes, failure } = recording;
  if (failure !== undefined) return [cell(` NOT RECORDED: ${cutText(failure, 24)} `, 'badgeBad'), cell('  ')];
  return [cell(`● REC ${formatBytes(bytes)}`, 'bad'), cell('  ')];
}

/** By whose rules it is judged, and what a capsule does not hold. */
function replayNotes({ replayed }: Report, width: number): Grid {
  if (replayed === undefined || replayed.notes.length === 0) return [];
  return [packSegments([{ ways: [` ${replayed.notes.join(' ')}`], tone: 'muted' }], width)];
}

function headline(frame: Frame, width: number, most: number): Grid {
  const { state } = frame;
  const lines = wrapText(frameStatus(frame).sentence, width - 1);
  const kept =
    lines.length <= most ? lines : [...lines.slice(0, most - 1), cutText(lines.slice(most - 1).join(' '), width - 1)];
  return kept.map((line) => [cell(` ${line}`, state === 'measuring' ? 'muted' : 'strong')]);
}

function hostSegments(report: Report): readonly Segment[] {
  const { host } = report;
  const clocksource = formatKnown(host.clocksource, (name) => name);
  const kernel = formatKnown(host.kernel, (release) => release);
  const hostname = formatKnown(host.hostname, (name) => name);
  const virtual = formatKnown(host.hypervisor, (name) => hypervisorWords[name] ?? `${name} guest`);
  return [
    capabilities(report),
    { ways: [`clocksource ${clocksource}`, `source ${clocksource}`, clocksource], tone: 'plain' },
    { ways: [`Linux ${kernel}`, cutText(kernel, 16)], tone: 'plain' },
    { ways: hostnameWays(hostname), tone: 'muted' },
    { ways: [virtual, ''], tone: 'muted' },
  ];
}

/** Half of a name may be another host's; half of '(host name hidden)' is nothing. */
function hostnameWays(hostname: string): readonly [string, ...string[]] {
  const isName = !hostname.startsWith('(');
  return isName ? [hostname, cutText(hostname, 20), cutText(hostname, 10)] : [hostname, ''];
}

/** What is no name of a hypervisor. */
const hypervisorWords: Readonly<Record<string, string>> = {
  none: 'no hypervisor shown',
  unknown: 'a virtual machine',
};

/** Who else watches the host makes reads dearer and never slow: nothing is limited by not knowing it all. */
const isContext = ({ reading, remedy }: Missing) => reading === 'other watchers' && remedy === undefined;

/** 'all readings available', or what is missing and where its remedy stands. */
function capabilities({ limits: all, coverage }: Report): Segment {
  const limits = all.filter((limit) => !isContext(limit));
  const first = limits[0];
  const counting = isUnavailable(coverage.method) ? `counts ${formatKnown(coverage.method, String)}` : undefined;
  if (first === undefined && counting === undefined && all.length > 0)
    return { ways: ['all readings but other watchers (see x)', 'all but watchers (x)'], tone: 'good' };
  if (first === undefined && counting === undefined)
    return { ways: ['all readings available', 'all readings'], tone: 'good' };
  const what = counting ?? first?.reading ?? '';
  const remedy = isUnavailable(coverage.method) ? coverage.method.remedy : undefined;
  if (counting !== undefined && remedy !== undefined)
    return { ways: [`${counting}: try ${remedy}`, 'limited (see x)'], tone: 'warn' };
  const more = limits.length > 1 ? ` and ${limits.length - 1} more` : '';
  return { ways: [`limited: ${what}${more} (see x)`, `limited: ${what} (see x)`, 'limited (see x)'], tone: 'warn' };
}

function costSegments({ report, intervalMs }: Frame): readonly Segment[] {
  const { cost, coverage } = report;
  const own = formatShare(cost.coreShare);
  const counts = countingCost(report);
  const probes = isUnavailable(cost.probesCoreShare) ? '' : `, probes ${formatShare(cost.probesCoreShare)}`;
  const window = formatSeconds(coverage.windowSeconds);
  return [
    {
      ways: [`vdsotop ${own} of a core${probes}`, `vdsotop ${own}${probes}`, `vdsotop ${own}`],
      tone: 'plain',
    },
    {
      ways: [`window ${window} of ${formatSeconds(coverage.watchedSeconds)} watched`, `window ${window}`, window],
      tone: 'plain',
    },
    { ways: [counts.long, counts.short], tone: 'muted' },
    { ways: [`every ${formatInterval(intervalMs)}`, ''], tone: 'muted' },
  ];
}
