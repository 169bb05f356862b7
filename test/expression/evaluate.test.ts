import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { expressionVocabulary } from '../../src/commands/expression-vocabulary.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { createHolding } from '../../src/expression/hold-for.ts';
import { readCondition } from '../../src/expression/read-condition.ts';
import { denied, makeScenario, type Scenario, tscPrices, unservedPrices } from '../analysis/snapshot-builder.ts';

const report = (scenario: Scenario) => diagnose(makeScenario(scenario), { version: 'test' });
const slow = report({ entries: [['clock_gettime', 3, 20_000]], prices: tscPrices, cpuCores: 0.5 });
const blind = report({ both: { entries: denied() }, hits: 'blind' });
const hpet = report({ entries: [['clock_gettime', 1, 5_000]], prices: unservedPrices(900) });

const ask = (text: string, of = slow) => evaluate(readCondition(text, expressionVocabulary).test, of).holds;

describe('what a report answers', () => {
  it.each([
    ['THREAD_CPUTIME_ID.kernelEntriesPerSecond > 19k/s', 'yes'],
    ['THREAD_CPUTIME_ID.kernelEntriesPerSecond > 21k/s', 'no'],
    ['20k/s == THREAD_CPUTIME_ID.kernelEntriesPerSecond', 'yes'],
    ['MONOTONIC.vdso.p50 < 40ns', 'yes'],
    ['MONOTONIC.syscall.p50 < 40ns', 'no'],
    ['MONOTONIC.syscall.p50 > MONOTONIC.vdso.p50', 'yes'],
    ['MONOTONIC.syscall.p50 >= MONOTONIC.syscall.p50', 'yes'],
    ['MONOTONIC.syscall.p50 > MONOTONIC.syscall.p50', 'no'],
    ['gettimeofday.vdso.p50 > 1us', 'no'],
    ['verdict == slow', 'yes'],
    ['verdict != slow', 'no'],
    ['THREAD_CPUTIME_ID.path == syscall', 'yes'],
    ['finding(clock-never-in-vdso) == confirmed', 'yes'],
    ['finding(vdso-disabled) == confirmed', 'no'],
    ['clocksource == tsc', 'yes'],
    ['clocksource == "kvm-clock"', 'no'],
    ['threads == 37', 'yes'],
    ['cpu > 40%', 'yes'],
    ['impact.level != none', 'yes'],
    ['watched > 1s', 'yes'],
  ])('%s: %s', (text, expected) => expect(ask(text)).toBe(expected));

  it('asks a slow host the same', () => {
    expect(ask('MONOTONIC.vdso.p50 > 500ns and verdict == slow', hpet)).toBe('yes');
  });
});

describe('unknown is neither yes nor no', () => {
  it.each([
    ['MONOTONIC.kernelEntriesPerSecond > 0/s', 'unknown'],
    ['MONOTONIC.kernelEntriesPerSecond <= 0/s', 'unknown'],
    ['not MONOTONIC.kernelEntriesPerSecond > 0/s', 'unknown'],
    ['MONOTONIC.kernelEntriesPerSecond > 0/s and threads == 37', 'unknown'],
    ['MONOTONIC.kernelEntriesPerSecond > 0/s and threads == 36', 'no'],
    ['MONOTONIC.kernelEntriesPerSecond > 0/s or threads == 37', 'yes'],
    ['MONOTONIC.kernelEntriesPerSecond > 0/s or threads == 36', 'unknown'],
    ['verdict == slow', 'unknown'],
    ['verdict != slow', 'unknown'],
    ['verdict == unknown', 'yes'],
    ['MONOTONIC.path == vdso', 'unknown'],
    ['AUX0.vdso.p50 > 1us', 'unknown'],
  ])('%s: %s', (text, expected) => expect(ask(text, blind)).toBe(expected));

  it('where a limit lies within the interval of an estimate', () => {
    const clock = slow.clocks.find(({ name }) => name === 'THREAD_CPUTIME_ID');
    const share = clock?.coreShare as { low: number; value: number; high: number };
    expect(share.low).toBeLessThan(share.high);
    const percent = (part: number) => `${part * 100}%`.replace(/e-?\d+/, '');
    expect(ask(`THREAD_CPUTIME_ID.coreShare > ${percent(share.low * 0.9)}`)).toBe('yes');
    expect(ask(`THREAD_CPUTIME_ID.coreShare > ${percent(share.value)}`)).toBe('unknown');
    expect(ask(`THREAD_CPUTIME_ID.coreShare > ${percent(share.high * 1.1)}`)).toBe('no');
  });
});

describe('what must hold for a while', () => {
  const holding = () => createHolding(readCondition('verdict == slow for 5s', expressionVocabulary));

  it('is fulfilled once it has held that long', () => {
    const { follow } = holding();
    expect([0, 2, 4, 5, 6].map((at) => follow(slow, at).fulfilled)).toEqual([false, false, false, true, true]);
  });

  it('begins anew when it fails or cannot be seen', () => {
    const { follow } = holding();
    follow(slow, 0);
    expect(follow(blind, 4)).toMatchObject({ holds: 'unknown', fulfilled: false });
    expect(follow(slow, 6).fulfilled).toBe(false);
    expect(follow(slow, 10).fulfilled).toBe(false);
    expect(follow(slow, 11).fulfilled).toBe(true);
  });

  it('tells what was seen', () => {
    const { follow } = createHolding(readCondition('threads > 3 and verdict == slow', expressionVocabulary));
    expect(follow(slow, 0).seen).toEqual([
      { text: 'threads', kind: 'count', value: 37 },
      { text: 'verdict', kind: 'word', value: 'slow' },
    ]);
  });
});
