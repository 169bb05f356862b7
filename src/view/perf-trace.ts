import type { PerfTraceResult } from '../model/perf-trace.ts';
import type { Known } from '../model/reading.ts';
import { cell, type Grid, gridText, type Row } from './cells.ts';
import { formatCount, formatKnown, formatSeconds, formatShare, isUnavailable } from './format.ts';
import { labelled } from './panel.ts';
import { wrapText } from './wrap-text.ts';

/** Where a perf trace asked for by key stands. */
export type TraceState =
  | { readonly step: 'asking'; readonly seconds: number; readonly warning: string }
  | { readonly step: 'refused'; readonly warning: string }
  | { readonly step: 'running'; readonly seconds: number }
  | { readonly step: 'done'; readonly result: Known<PerfTraceResult> };

const labelWidth = 27;

/** The question before, the wait, or the result beside the exact count. */
export function traceRows(trace: TraceState, width: number): Grid {
  if (trace.step === 'asking') return askRows(trace.warning, trace.seconds, width);
  if (trace.step === 'refused')
    return text(`refused: ${trace.warning}; start vdsotop with --force to allow it`, width, 'warn');
  if (trace.step === 'running')
    return text(`perf trace is counting for ${formatSeconds(trace.seconds)} …`, width, 'plain');
  return resultRows(trace.result, width);
}

/** The same result as plain text for a terminal or a pipe, in 80 columns. */
export function perfTraceText(result: Known<PerfTraceResult>): string {
  return gridText(resultRows(result, 80));
}

function askRows(warning: string, seconds: number, width: number): Grid {
  return [
    ...text(warning, width, 'warn'),
    [],
    [
      cell(' y', 'accent'),
      cell(` let perf trace count for ${formatSeconds(seconds)}    `),
      cell('n', 'accent'),
      cell(' leave the target alone'),
    ],
  ];
}

function resultRows(result: Known<PerfTraceResult>, width: number): Grid {
  if (isUnavailable(result)) {
    const remedy = result.remedy === undefined ? [] : text(`try: ${result.remedy}`, width, 'accent');
    return [...text(`perf trace: ${formatKnown(result, () => '')}: ${result.detail}`, width, 'unknown'), ...remedy];
  }
  const calls = Object.entries(result.perfTraceCalls);
  return [
    ...calls.flatMap(([fn, count]) =>
      line(`perf trace, ${fn}`, `${formatCount(count)} calls in ${formatSeconds(result.seconds)}`),
    ),
    ...(calls.length === 0 ? line('perf trace', 'printed no call') : []),
    ...line(
      'vdsotop counted',
      formatKnown(result.exactCalls, (count) => `${formatCount(count)} calls in ${formatSeconds(result.exactSeconds)}`),
    ),
    ...line('rate before', formatKnown(result.before, perSecond)),
    ...line('rate while traced', formatKnown(result.during, perSecond)),
    ...text(slowdown(result), width, 'warn'),
  ];
}

/** Only what both rates prove; a target that was idle before cannot be said to have been slowed. */
function slowdown({ before, during }: PerfTraceResult): string {
  if (isUnavailable(before) || isUnavailable(during)) return 'its slowdown of the target could not be measured';
  if (before === 0) return 'the target made no counted call before, so its slowdown cannot be said';
  return during < before
    ? `while traced, the target made ${formatShare(during / before)} of the calls it made before`
    : 'the rate did not fall while traced';
}

function perSecond(rate: number): string {
  return `${formatCount(rate)} calls/s`;
}

function line(label: string, value: string): Grid {
  return labelled(label, [[cell(value)]], labelWidth);
}

function text(sentence: string, width: number, tone: 'plain' | 'warn' | 'unknown' | 'accent'): Grid {
  return wrapText(sentence, width - 1).map((part): Row => [cell(` ${part}`, tone)]);
}
