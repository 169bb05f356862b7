import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differenceSchema } from '../../scripts/docs/difference-schema.ts';
import type { Difference } from '../../src/model/difference.ts';
import { buildProgram } from '../programs/build.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Program, startProgram } from './programs.ts';
import { runVdsotop } from './run-vdsotop.ts';

/** Two real processes that differ in how often they read a clock that no vDSO serves. */
const workload = buildProgram('workload');
const rates = { slow: 1_000, fast: 20_000 };

const folder = temporaryDirectory();
let programs: Readonly<Record<'slow' | 'fast', Program>>;
const capture = () => join(folder, 'before.ndjson.gz');

beforeAll(async () => {
  const start = (rate: number) =>
    startProgram(workload, ['--clock', '3', '--path', 'libc', '--rate', String(rate), '--seconds', '300']);
  programs = { slow: await start(rates.slow), fast: await start(rates.fast) };
  const record = ['--record', capture(), '--duration', '8s'];
  expect(runVdsotop(['report', '-p', String(programs.slow.pid), ...record]).status).toBe(0);
});

afterAll(async () => {
  for (const program of Object.values(programs)) await program.end();
});

const against = (name: 'slow' | 'fast', seconds: number, ...options: readonly string[]) =>
  runVdsotop(['diff', capture(), '-p', String(programs[name].pid), '--duration', `${seconds}s`, ...options]);

/**
 * Against the fast one, until it can be told: a host may be so busy that the program runs by fits and starts, and then a
 * user watches again, and longer. It is never told wrongly: whatever is not untold is answered.
 */
function onceTold(...options: readonly string[]): ReturnType<typeof against> & { readonly seconds: number } {
  for (const seconds of [8, 16]) {
    const outcome = against('fast', seconds, ...options);
    if (!/the\s+rate\s+was\s+too\s+uneven/.test(outcome.output)) return { ...outcome, seconds };
  }
  return { ...against('fast', 32, ...options), seconds: 32 };
}

describe('vdsotop diff', () => {
  it('finds a rate that is another, and says it as JSON by its schema', () => {
    const { status, output, error, seconds } = onceTold('--json');
    expect(error).toContain(`for ${seconds < 10 ? '8.0' : seconds} s`);
    const difference = JSON.parse(output) as Difference;
    const validate = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
      differenceSchema({ closed: true }),
    );
    expect(validate(difference) ? [] : validate.errors).toEqual([]);
    const clock = difference.clocks.find(({ name }) => name === 'THREAD_CPUTIME_ID');
    expect(clock?.kernelEntriesPerSecond).toMatchObject({ verdict: 'changed' });
    expect(clock?.kernelEntriesPerSecond.ratio?.value).toBeGreaterThan(5);
    expect(difference.before.label).toBe(capture());
    expect(status).toBe(0);
  }, 150_000);

  it('compares what is hidden in a capture with nothing', () => {
    const { environment, notCompared } = JSON.parse(against('slow', 8, '--json').output) as Difference;
    expect(environment.map(({ what }) => what)).not.toContain('host');
    expect(notCompared).toContain('host (hidden)');
  });

  it('says it in text and in Markdown, and ends with 6 for the worse where that is asked', () => {
    const { status, output } = onceTold('--exit-code');
    expect(output).toMatch(/^CHANGED, for the worse: THREAD_CPUTIME_ID: kernel\/s [\d.k ]+ → [\d.k ]+/);
    expect(output.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(status).toBe(6);
    const markdown = onceTold('--markdown').output;
    expect(markdown).toMatch(/\| THREAD_CPUTIME_ID \| kernel\/s \| .* \| .* \| \*\*CHANGED\*\* \|/);
  }, 150_000);

  it('finds no change of a capture against itself', () => {
    const { output, status } = runVdsotop(['diff', capture(), capture(), '--json']);
    const difference = JSON.parse(output) as Difference;
    expect(difference.clocks.filter(({ verdict }) => verdict === 'changed')).toEqual([]);
    expect(difference.environment).toEqual([]);
    expect(status).toBe(0);
  });

  it.each([
    [[], /compares two things, and 0 were given/],
    [['one.json'], /compares two things, and 1 were given/],
    [['1', '2', '-p', '3'], /compares two things, and 3 were given/],
    [['--json', '--markdown', '1', '2'], /two forms/],
    [
      ['a', 'b', '-d', '10s'],
      /^vdsotop: --duration says how to watch a process, .* or give -p PID instead of a file$/m,
    ],
    [['a', 'b', '--counter', 'perf'], /^vdsotop: --counter says how to watch a process/],
    [['-p', '1', '-d', '11m'], /-d 660s is too long: .* keeps 1200 .*, 600s at one each 0\.5s/],
    [['nothing-here.json', '-p', '1'], /nothing-here\.json cannot be opened/],
    [[join(import.meta.dirname, 'diff.test.ts'), '-p', '1'], /is not a capsule/],
  ])('refuses %j', (args, message) => {
    const { status, error, output } = runVdsotop(['diff', ...args]);
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
    expect(output).toBe('');
    expect(status).toBe(2);
  });
});
