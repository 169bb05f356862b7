import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createClockPageReader } from '../../../src/collect/host/clock-page.ts';
import type { ClockPage } from '../../../src/model/clock-page.ts';
import type { Reading } from '../../../src/model/reading.ts';

/** Kernels whose layout is not known say so: then there is nothing to test but that. */
function pageOf(reading: Reading<ClockPage>, skip: (note: string) => void): ClockPage {
  if ('unavailable' in reading && reading.unavailable === 'unsupported') skip(reading.detail);
  if ('unavailable' in reading) throw new Error(reading.detail);
  return reading.value;
}

test('no update rate is made up before there was time for one', () => {
  expect(createClockPageReader().read()).toMatchObject({ unavailable: expect.stringMatching(/failed|unsupported/) });
});

test('seq is even, advances, and its rate is that of the window it names', async ({ skip }) => {
  const reader = createClockPageReader();
  await sleep(60);
  const first = pageOf(reader.read(), skip);
  await sleep(400);
  const second = pageOf(reader.read(), skip);
  expect(first.seq % 2).toBe(0);
  expect(first.rateWindowMs).toBeGreaterThan(55);
  expect(second.rateWindowMs - first.rateWindowMs).toBeGreaterThan(395);
  const updates = ((second.seq - first.seq) >>> 0) / 2;
  const allUpdates = (second.updatesPerSecond * second.rateWindowMs) / 1_000;
  const firstUpdates = (first.updatesPerSecond * first.rateWindowMs) / 1_000;
  expect(updates).toBeGreaterThan(0);
  expect(allUpdates - firstUpdates).toBeCloseTo(updates, 3);
});

test('a window never spans more than the last two stretches of half a second', async ({ skip }) => {
  const reader = createClockPageReader();
  for (let turn = 0; turn < 4; turn += 1) {
    await sleep(550);
    const { rateWindowMs } = pageOf(reader.read(), skip);
    expect(rateWindowMs).toBeGreaterThan(500);
    expect(rateWindowMs).toBeLessThan(2_000);
  }
});

test('inside a time namespace the data is found behind the page that stands in for it', ({ skip }) => {
  const source = `${import.meta.dirname}/../../../src/collect/host/clock-page.ts`;
  const script = `
    const { createClockPageReader } = await import(${JSON.stringify(source)});
    const reader = createClockPageReader();
    setTimeout(() => console.log(JSON.stringify(reader.read())), 60);`;
  const node = [process.execPath, '--input-type=module', '--eval', script];
  const inside = spawnSync('unshare', ['-T', '--monotonic', '5000', ...node], { encoding: 'utf8' });
  if (inside.status !== 0) return skip(`no time namespace here: ${inside.stderr || inside.error?.message}`);
  const page = pageOf(JSON.parse(inside.stdout), skip);
  expect(page.seq % 2).toBe(0);
  expect(page.updatesPerSecond).toBeGreaterThan(0);
});
