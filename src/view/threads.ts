import type { Report, ThreadSummary } from '../model/report.ts';
import { cell, type Grid, type Row } from './cells.ts';
import { countsAreExact } from './clock-table.ts';
import { fitText } from './fit-text.ts';
import { formatCount, formatEstimate, isUnavailable, unavailableWord } from './format.ts';
import { processName } from './process-name.ts';
import { wrapText } from './wrap-text.ts';

const tidWidth = 8;
const rateWidth = 9;
/** 'PROCESS_CPUTIME_ID' and its margin. */
const mostlyWidth = 19;

/** The busiest threads: id, name, kernel entries a second, and the clock they enter for most. */
export function threadRows(report: Report, width: number): Grid {
  const { threads, coverage } = report;
  if (isUnavailable(coverage.method))
    return sentence(`kernel entries are not counted: ${coverage.method.detail}`, width, 'unknown');
  if (isUnavailable(threads))
    return sentence(`threads ${unavailableWord(threads)}: ${threads.detail}`, width, 'unknown');
  const exact = countsAreExact(report);
  if (threads.length === 0)
    return sentence(
      exact
        ? 'no thread entered the kernel for a clock in this window'
        : 'no thread was counted entering the kernel for a clock',
      width,
      'muted',
    );
  const nameWidth = Math.min(Math.max(width - tidWidth - rateWidth - mostlyWidth - 4, 8), 24);
  return [heading(nameWidth), ...threads.map((thread) => row(thread, nameWidth, exact, width))];
}

function heading(nameWidth: number): Row {
  const titles = `${fitText('tid', tidWidth, 'right')} ${fitText('thread', nameWidth)} ${fitText('kernel/s', rateWidth, 'right')}  mostly`;
  return [cell(titles, 'muted')];
}

function row(thread: ThreadSummary, nameWidth: number, exact: boolean, width: number): Row {
  const rate = (exact ? formatCount : formatEstimate)(thread.kernelEntriesPerSecond);
  return [
    cell(`${fitText(String(thread.tid), tidWidth, 'right')} `, 'muted'),
    cell(`${fitText(nameOf(thread), nameWidth)} `, thread.name === undefined ? 'unknown' : 'plain'),
    cell(`${fitText(rate, rateWidth, 'right')}  `),
    cell(fitText(thread.mostly, Math.max(width - tidWidth - nameWidth - rateWidth - 4, 0)).trimEnd()),
  ];
}

/** In a tree with the process it is of, where that has another number. */
function nameOf({ name, pid, tid }: ThreadSummary): string {
  const shown = name === undefined ? '?' : processName(name);
  return pid === undefined || pid === tid ? shown : `${shown} of ${pid}`;
}

function sentence(text: string, width: number, tone: 'muted' | 'unknown'): Grid {
  return wrapText(text, width - 1).map((line) => [cell(` ${line}`, tone)]);
}
