import { onTestFinished } from 'vitest';
import { type Program, startProgram } from './programs.ts';

/** Starts a program that does not outlive the test. */
export async function startForTest(...how: Parameters<typeof startProgram>): Promise<Program> {
  const program = await startProgram(...how);
  onTestFinished(async () => {
    await program.end();
  });
  return program;
}
