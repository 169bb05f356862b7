import { expect, it } from 'vitest';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { encodeCapsule } from '../../src/capsule/encode-capsule.ts';
import { encodeInTurns } from '../../src/capsule/encode-in-turns.ts';
import type { Capsule } from '../../src/model/capsule.ts';
import { reading, recordingText } from './recordings.ts';

const recorded = decodeCapsule(recordingText('demo'), reading);

it('is the same text, byte for byte', async () => {
  expect(await encodeInTurns(recorded)).toBe(encodeCapsule(recorded));
});

it('keeps nothing else waiting, however long the past is', async () => {
  const repeated = Array.from({ length: 1_200 }, (_, index) => {
    const snapshot = recorded.snapshots[index % recorded.snapshots.length];
    return { ...snapshot, elapsedMs: index * 500 };
  }) as Capsule['snapshots'];
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const startedMs = performance.now();
  await encodeInTurns({ ...recorded, snapshots: repeated });
  clearInterval(timer);
  // Other work was let in at least every 25 ms of it; a turn is meant to be 4.
  expect(turns).toBeGreaterThan((performance.now() - startedMs) / 25);
});
