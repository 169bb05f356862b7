import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../model.ts';
import { attach } from './attach.ts';
import type { WatchOptions } from './options.ts';
import { pickTarget } from './pick-target.ts';
import { tracePerf } from './trace-perf.ts';
import { exitCodes } from './user-error.ts';

export interface ReportOptions extends WatchOptions {
  /** Milliseconds. */
  readonly duration: number;
  readonly json: boolean;
}

/** `vdsotop report`: watches for the duration, prints the report as text or JSON, and says 3 when the target ended. */
export async function printReport(target: string | undefined, options: ReportOptions): Promise<void> {
  const found = await pickTarget(target);
  if (found === undefined) return;
  if (found.note !== undefined) process.stderr.write(`vdsotop: ${found.note}\n`);
  const report = await watchFor(found.pid, options);
  await writeReport(report, options.json);
  if (report.target.ended) {
    process.stderr.write(
      `vdsotop: the target ended after ${report.window.seconds.toFixed(1)} s; this is its last report\n`,
    );
    process.exitCode = exitCodes.noProcess;
  }
}

/** One report over the whole duration, or over what there was when the target ended sooner. */
export async function watchFor(pid: number, options: ReportOptions): Promise<Report> {
  const session = attach(pid, options);
  try {
    await session.armed;
    await Promise.race([sleep(options.duration), session.ended]);
    await session.sampleNow();
    const report = session.report();
    if (options.perfTrace !== undefined) await tracePerf(session, options.perfTrace / 1_000, options.force);
    return report;
  } finally {
    session.close();
  }
}

/** As JSON, or as text that keeps its shape in a ticket. */
export async function writeReport(
  report: Report,
  json: boolean,
  stream: NodeJS.WriteStream = process.stdout,
): Promise<void> {
  if (json) {
    stream.write(`${JSON.stringify(report, undefined, 2)}\n`);
    return;
  }
  const { renderReportText } = await import('../view/report-text.ts');
  stream.write(`${renderReportText(report, 80)}\n`);
}
