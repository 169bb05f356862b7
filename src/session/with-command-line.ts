import type { Report } from '../model/report.ts';

/** How collectors, who know no command line, write it. */
const placeholder = /\bvdsotop -p \d+|\bvdsotop$/;

/** The report with its remedies telling to run again what was really run. */
export function withCommandLine(report: Report, commandLine: string): Report {
  return report.limits.length === 0 ? report : (rewritten(report, commandLine) as Report);
}

/** Copies only what leads to a remedy: a frame has thousands of values, and few remedies or none. */
function rewritten(value: unknown, commandLine: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    const next =
      key === 'remedy' && typeof field === 'string' ? withRun(field, commandLine) : rewritten(field, commandLine);
    if (next === field) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    copy[key] = next;
  }
  return copy ?? value;
}

function withRun(remedy: string, commandLine: string): string {
  return remedy.replace(placeholder, () => commandLine);
}
