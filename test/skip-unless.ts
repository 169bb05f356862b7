import { TestRunner } from 'vitest';

/** Ends the running test as skipped unless the condition is met; `why` is told at the end of the run. */
export function skipUnless(met: boolean, why: string): void {
  if (!met) TestRunner.getCurrentTest()?.context.skip(why);
}
