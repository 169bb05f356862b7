import { describe, expect, it } from 'vitest';
import { junit } from '../../../lab/results/junit.ts';
import { scenarios } from '../../../lab/scenarios.ts';

describe('JUnit XML', () => {
  it('counts, names and escapes', () => {
    const [scenario] = scenarios;
    if (scenario === undefined) throw new Error('no scenario');
    const common = { scenario, got: [], verdict: 'fast' };
    const xml = junit([
      { ...common, state: 'right', misses: [], seconds: 3.14 },
      { ...common, state: 'wrong', misses: ['"a" < \u001b & b'] },
      { ...common, state: 'skipped', misses: ['forky now has 8.0'] },
    ]);
    expect(xml).toContain(`<testsuite name="${scenario.kernel}" tests="3" failures="1" skipped="1">`);
    expect(xml).toContain('time="3.1"');
    expect(xml).toContain('<failure message="&quot;a&quot; &lt; ? &amp; b">');
    expect(xml).toContain('<skipped message="forky now has 8.0"/>');
  });
});
