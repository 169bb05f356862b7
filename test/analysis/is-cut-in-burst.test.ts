import { expect, it } from 'vitest';
import { isCutInBurst } from '../../src/analysis/is-cut-in-burst.ts';
import { slotNotToldApart } from '../../src/analysis/tells-clocks-apart.ts';
import type { FastWindowFunction } from '../../src/model/fast-reads.ts';

const nsPerHit = 4_000;
const caught = (usedUpAfterMs?: number, halfAfterMs?: number): FastWindowFunction => ({
  fn: 'clock_gettime',
  hits: [{ slot: 1, count: 360 }],
  ...(usedUpAfterMs !== undefined && { usedUpAfterMs }),
  ...(halfAfterMs !== undefined && { halfAfterMs }),
});
/** Of fifteen calls one is told apart, of three such two at the half. */
const counted = (usedUpAfterMs: number, halfAfterMs: number): FastWindowFunction => ({
  fn: 'clock_gettime',
  hits: [{ slot: slotNotToldApart, count: 45 }],
  sampled: [{ slot: 1, count: 3 }],
  usedUpAfterMs,
  halfAfterMs,
});

it.each([
  ['looked to its end', caught(), false],
  ['began in the middle of calls without a pause', caught(1.5, 0.75), false],
  ['waited for a burst of calls without a pause', caught(31.5, 30.7), true],
  // A hit takes 4 µs, and 20 more of its own work follow each call.
  ['waited for a burst of calls with work between them', caught(39, 34.3), true],
  ['began in the middle of one', caught(9, 4.5), false],
  ['met calls that come evenly', caught(200, 100), false],
  ['met three bursts of 150 each that come every 50 ms', caught(131, 80.5), false],
  ['does not tell when the half of its calls had come', caught(30), true],
  ['counted calls that come evenly, of which three were told apart', counted(45, 30), false],
  ['waited for such that it counted', counted(45, 43), true],
])('a window that %s: %o', (_, window, isCut) => {
  expect(isCutInBurst(window, nsPerHit)).toBe(isCut);
});
