import { expect } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { startProgram } from './programs.ts';
import { runVdsotop } from './run-vdsotop.ts';

/** What `vdsotop report` says of a program that is started for it and ended after it; it must succeed and print no error. */
export async function reportOnProgram(path: string, args: readonly string[] = []): Promise<Report> {
  const program = await startProgram(path, args);
  try {
    const { output, error, status } = runVdsotop(['report', '-p', String(program.pid), '--json']);
    expect({ error, status }).toEqual({ error: '', status: 0 });
    return JSON.parse(output);
  } finally {
    await program.end();
  }
}
