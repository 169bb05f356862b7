import type { Report } from '../model.ts';
import { cell, type Grid, type Row } from './cells.ts';
import { countsAreExact } from './clock-table.ts';
import { fitText } from './fit-text.ts';
import { formatCount, formatEstimate, isUnavailable } from './format.ts';
import { wrapText } from './wrap-text.ts';

const tidWidth = 8;
const rateWidth = 9;
/** 'PROCESS_CPUTIME_ID' and its margin. */
const mostlyWidth = 19;

/** The busiest threads: id, name, kernel entries a second, and the clock they enter for most. */
export function threadRows(report: Report, width: number): Grid {
  const { method } = report.coverage;
  if (isUnavailable(method)) return sentence(`kernel entries cannot be counted: ${method.detail}`, width, 'unknown');
  if (report.threads.length === 0)
    return hasEntries(report)
      ? sentence('kernel entries were counted, but are not laid to threads', width, 'unknown')
      : sentence('no thread entered the kernel for a clock in this window', width, 'muted');
  const exact = countsAreExact(report);
  const nameWidth = Math.min(Math.max(width - tidWidth - rateWidth - mostlyWidth - 4, 8), 24);
  return [heading(nameWidth), ...report.threads.map((thread) => row(thread, nameWidth, exact, width))];
}

/** Perf counters count a thread together with those it starts, and the oldest tables of threads are not kept. */
function hasEntries({ clocks, functions }: Report): boolean {
  return [...clocks, ...functions].some(({ kernelEntries }) => !isUnavailable(kernelEntries) && kernelEntries > 0);
}

function heading(nameWidth: number): Row {
  const titles = `${fitText('tid', tidWidth, 'right')} ${fitText('thread', nameWidth)} ${fitText('kernel/s', rateWidth, 'right')}  mostly`;
  return [cell(titles, 'muted')];
}

function row(thread: Report['threads'][number], nameWidth: number, exact: boolean, width: number): Row {
  const rate = (exact ? formatCount : formatEstimate)(thread.kernelEntriesPerSecond);
  return [
    cell(`${fitText(String(thread.tid), tidWidth, 'right')} `, 'muted'),
    cell(`${fitText(thread.name ?? '?', nameWidth)} `, thread.name === undefined ? 'unknown' : 'plain'),
    cell(`${fitText(rate, rateWidth, 'right')}  `),
    cell(fitText(thread.mostly, Math.max(width - tidWidth - nameWidth - rateWidth - 4, 0)).trimEnd()),
  ];
}

function sentence(text: string, width: number, tone: 'muted' | 'unknown'): Grid {
  return wrapText(text, width - 1).map((line) => [cell(` ${line}`, tone)]);
}
