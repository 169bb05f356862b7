import type { Report } from '../model/report.ts';
import { printedJson } from './printed-json.ts';
import { type TimedWatch, watchWithoutScreen } from './watch-without-screen.ts';

export interface ReportOptions extends TimedWatch {
  readonly json: boolean;
  /** File to report on instead of a process. */
  readonly from?: string;
}

/** `vdsotop report`: watches for the duration and prints the report, as text or JSON. */
export async function printReport(target: string | undefined, options: ReportOptions): Promise<void> {
  await watchWithoutScreen(target, options, {
    makes: 'report',
    tell: (report) => writeReport(report, options.json),
  });
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
