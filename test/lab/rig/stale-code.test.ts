import { expect, it } from 'vitest';
import { ranStaleCode } from '../../../lab/rig/stale-code.ts';
import { judgeTrialCalls } from '../../../src/collect/entries/trial-calls.ts';

it('a guest in which nothing is counted is known by what vdsotop says then', () => {
  const reading = judgeTrialCalls('BPF programs on tracepoints', () => 0);
  expect(ranStaleCode(JSON.stringify({ limits: [reading] }))).toBe(true);
  expect(ranStaleCode(JSON.stringify({ limits: [] }))).toBe(false);
});
