import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { createSampler } from '../../../src/collect/prices/sampler.ts';
import type { TimedCall, TimedPath, TimingSample } from '../../../src/model/prices.ts';

let priced: readonly TimingSample[];
let pricedMs: number;

beforeAll(async () => {
  const startedMs = performance.now();
  priced = await createSampler().price();
  pricedMs = performance.now() - startedMs;
});

function batchesOf(call: TimedCall, path: TimedPath, clockId?: number): readonly number[] {
  return priced
    .filter((sample) => sample.call === call && sample.path === path && sample.clockId === clockId)
    .flatMap(({ perCallNs }) => perCallNs);
}

function p50(call: TimedCall, path: TimedPath, clockId?: number): number {
  const sorted = batchesOf(call, path, clockId).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error(`no price for ${call} ${clockId ?? ''} by ${path}`);
  return middle;
}

const coarse = 6;
const threadCpuTime = 3;

test('pricing takes several rounds over every clock and path within its time', () => {
  for (const clockId of [0, 1, 4, 5, 6, 7, 11])
    for (const path of ['libc', 'vdso', 'syscall'] as const)
      expect(batchesOf('clock_gettime', path, clockId).length, `clock ${clockId} by ${path}`).toBeGreaterThan(1);
  // No round begins after 250 ms; the one that is going on then is finished.
  expect(pricedMs).toBeLessThan(400);
  expect(priced.every(({ watched }) => !watched)).toBe(true);
});

test('every price is a positive number taken over a batch of calls', () => {
  for (const { perCallNs, callsPerBatch, cpu } of priced) {
    expect(Math.min(...perCallNs)).toBeGreaterThan(0);
    expect(callsPerBatch).toBeGreaterThanOrEqual(256);
    expect(cpu).toBeGreaterThanOrEqual(0);
  }
});

test('a coarse clock is far cheaper in the vDSO than by syscall', () => {
  expect(p50('clock_gettime', 'vdso', coarse)).toBeLessThan(p50('clock_gettime', 'syscall', coarse) / 4);
});

test('THREAD_CPUTIME costs a syscall on either path: the vDSO does not serve it', () => {
  const ratio = p50('clock_gettime', 'vdso', threadCpuTime) / p50('clock_gettime', 'syscall', threadCpuTime);
  expect(ratio).toBeGreaterThan(0.7);
  expect(ratio).toBeLessThan(1.4);
});

test('MONOTONIC is cheaper in the vDSO where the clocksource allows it', ({ skip }) => {
  const source = readFileSync('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'utf8').trim();
  if (source !== 'tsc' && source !== 'arch_sys_counter') return skip(`clocksource ${source} may have no fast path`);
  expect(p50('clock_gettime', 'vdso', 1)).toBeLessThan(p50('clock_gettime', 'syscall', 1) / 2);
});

test('clock_getres is priced by every path', () => {
  for (const path of ['libc', 'vdso', 'syscall'] as const)
    expect(batchesOf('clock_getres', path).length, path).toBeGreaterThan(1);
  expect(p50('clock_getres', 'vdso')).toBeLessThan(p50('clock_getres', 'syscall') / 4);
});

test('the null syscall is the floor of the clock syscalls', () => {
  for (const clockId of [0, 1, 4, 7])
    expect(p50('null_syscall', 'syscall')).toBeLessThan(p50('clock_gettime', 'syscall', clockId));
});

test('the vsyscall page is timed only where our own maps show it executable', () => {
  const executable = /^\S+ ..x. .*\[vsyscall\]$/m.test(readFileSync('/proc/self/maps', 'utf8'));
  expect(batchesOf('gettimeofday', 'vsyscall').length > 0).toBe(executable);
});

test('sampling spends its share of a core and no more, and gets round', async () => {
  const sampler = createSampler();
  const startedMs = performance.now();
  const seen = new Set<string>();
  // On a busy machine it takes longer to get round.
  const elapsedMs = () => performance.now() - startedMs;
  while (elapsedMs() < 2_000 || (seen.size <= 20 && elapsedMs() < 20_000)) {
    await sleep(100);
    for (const { call, clockId, path } of await sampler.sample(true)) seen.add(`${call} ${clockId} ${path}`);
  }
  const share = sampler.spentNs() / 1e6 / elapsedMs();
  // Beyond the share lies at most the last batch of a run, paid back by the next ones.
  expect(share).toBeLessThan(0.0034);
  expect(share).toBeGreaterThan(0.0015);
  expect(seen.size).toBeGreaterThan(20);
});

test('samples are marked as watched when they are, and there are none without a budget', async () => {
  const sampler = createSampler({ coreShare: 0.01 });
  await sleep(60);
  const samples = await sampler.sample(true);
  expect(samples.length).toBeGreaterThan(0);
  expect(samples.every(({ watched }) => watched)).toBe(true);
  sampler.setBudget(0);
  await sleep(60);
  const spentNs = sampler.spentNs();
  expect(await sampler.sample(true)).toEqual([]);
  expect(sampler.spentNs()).toBe(spentNs);
});

test('no thread of ours is left pinned', () => {
  const allowed = readdirSync('/proc/self/task').map(
    (tid) => /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/self/task/${tid}/status`, 'utf8'))?.[1],
  );
  expect(new Set(allowed).size).toBe(1);
});
