import type { Report } from '../model/report.ts';
import { attach } from './attach.ts';
import type { WatchOptions } from './options.ts';
import { createOutlets } from './outlets.ts';
import { pickTarget } from './pick-target.ts';
import { printedJson } from './printed-json.ts';
import { tracePerf } from './trace-perf.ts';
import { exitCodes, UserError } from './user-error.ts';
import { watchFor } from './watch-for.ts';

export interface ReportOptions extends WatchOptions {
  /** Milliseconds. */
  readonly duration: number;
  readonly json: boolean;
  /** File to report on instead of a process. */
  readonly from?: string;
}

/** `vdsotop report`: watches for the duration, prints the report as text or JSON, and says 3 when the target ended. */
export async function printReport(target: string | undefined, options: ReportOptions): Promise<void> {
  const found = await pickTarget(target);
  if (found === undefined) return;
  if (found.note !== undefined) process.stderr.write(`vdsotop: ${found.note}\n`);
  const session = attach(found.pid, options);
  const outlets = createOutlets(session, options);
  try {
    await outlets.begin();
    await watchFor(session, options.duration);
    const report = session.report();
    if (report === undefined)
      throw new UserError(`process ${found.pid} ended before it could be watched`, exitCodes.noProcess);
    await writeReport(report, options.json);
    if (report.target.ended) return sayEnded(report);
    if (options.perfTrace !== undefined) await tracePerf(session, options.perfTrace / 1_000, options.force);
  } finally {
    await outlets.tell();
    session.close();
  }
}

function sayEnded({ coverage }: Report): void {
  const seconds = coverage.watchedSeconds.toFixed(1);
  process.stderr.write(`vdsotop: the target ended after ${seconds} s; this is its last report\n`);
  process.exitCode = exitCodes.noProcess;
}

/** As JSON, or as text that keeps its shape in a ticket. */
export async function writeReport(
  report: Report,
  json: boolean,
  stream: NodeJS.WriteStream = process.stdout,
): Promise<void> {
  if (json) {
    stream.write(`${printedJson(report)}\n`);
    return;
  }
  const { renderReportText } = await import('../view/report-text.ts');
  stream.write(`${renderReportText(report, 80)}\n`);
}
