import type { Report } from '../../src/model/report.ts';
import { startProgram } from './programs.ts';
import { reportOn } from './report-on.ts';

/** What `vdsotop report` says of a program that is started for it and ended after it. */
export async function reportOnProgram(path: string, args: readonly string[] = []): Promise<Report> {
  const program = await startProgram(path, args);
  try {
    return reportOn(program.pid);
  } finally {
    await program.end();
  }
}
