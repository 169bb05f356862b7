import type { Report } from '../model.ts';

/** How collectors, who know no command line, write it. */
const placeholder = /\bvdsotop -p \d+|\bvdsotop$/;

/** The report with its remedies telling to run again what was really run. */
export function withCommandLine(report: Report, commandLine: string): Report {
  return report.limits.length === 0 ? report : (rewritten(report, commandLine) as Report);
}

function rewritten(value: unknown, commandLine: string): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, commandLine));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [
    key,
    key === 'remedy' && typeof field === 'string'
      ? field.replace(placeholder, () => commandLine)
      : rewritten(field, commandLine),
  ]);
  return Object.fromEntries(fields);
}
