import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end of a run which tests were skipped and for what reason: a test that did not run has shown nothing. */
export default class SkipReasons implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    const byReason = Map.groupBy(skipped, (test) => {
      const result = test.result();
      return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
    });
    for (const [reason, tests] of byReason) {
      console.log(`skipped, ${reason}: ${tests.length}`);
      for (const test of tests) console.log(`  ${test.module.relativeModuleId} > ${test.fullName}`);
    }
  }
}
