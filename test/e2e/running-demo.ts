import { afterAll, beforeAll } from 'vitest';
import { demoPath, type Program, startProgram } from './programs.ts';

/** The demo workload, running for all tests of a file. */
export function runningDemo(): { readonly pid: number } {
  let demo: Program | undefined;
  beforeAll(async () => {
    demo = await startProgram(demoPath);
  });
  afterAll(() => demo?.end());
  return {
    get pid() {
      if (demo === undefined) throw new Error('the demo runs while the tests do, and not before');
      return demo.pid;
    },
  };
}
