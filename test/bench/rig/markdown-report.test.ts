import { expect, it } from 'vitest';
import type { Row } from '../../../bench/rig/benchmark.ts';
import { type Finished, markdownReport } from '../../../bench/rig/markdown-report.ts';

const facts = { host: 'Linux 6.18', version: '0.1.0' };
const at = '2026-11-23T21:05';
const quiet = { tracers: [], busyCores: 0.02 };
const row = (what: string, met: boolean | undefined): Row => ({
  what,
  figure: '6×',
  spread: '5 to 7×',
  peer: 'bare Node',
  bound: met === undefined ? '' : '≤ 10',
  met,
});

function finished(rows: readonly Row[]): Finished {
  const outcome = { how: ['In turns.'], rows, notes: [], raw: { 'start, ms': [1.234567, 2] } };
  return { name: 'start-up', title: 'Start', outcome, disturbance: quiet, at, seconds: 12.3, ...facts };
}

it('says of every bound whether it was met, first of all', () => {
  const text = markdownReport([finished([row('quick', true), row('slow', false), row('stated', undefined)])]);
  const [summary = '', section = ''] = text.split('## Start');
  expect(summary).toContain('On Linux 6.18:');
  expect(section).toContain('vdsotop 0.1.0, Linux 6.18; begun');
  expect(summary).toContain('| quick | 6× | ≤ 10 | met |');
  expect(summary).toContain('| slow | 6× | ≤ 10 | **not met** |');
  expect(summary).not.toContain('stated');
  expect(section).toContain('| stated | 6× | 5 to 7× | bare Node |  |  |');
  expect(section).toContain('- start, ms: 1.2346 2');
  expect(section).toContain('begun 2026-11-23 21:05 UTC, 12 s');
});

it('does not pass over what could not be measured, or what else ran', () => {
  const failed: Finished = {
    name: 'observer-effect',
    title: 'Effect',
    outcome: { failure: 'spawn bpftrace ENOENT' },
    disturbance: { tracers: ['perf (4711)'], busyCores: 1.5 },
    at,
    seconds: 0,
    ...facts,
  };
  const text = markdownReport([failed]);
  expect(text).toContain('| Effect | not measured | | **not measured** |');
  expect(text).toContain('Could not be measured: spawn bpftrace ENOENT');
  expect(text).toContain('1.5 cores were busy with other work and a tracer was attached: perf (4711)');
});
