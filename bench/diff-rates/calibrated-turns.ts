import { join } from 'node:path';
import { startChild } from '../rig/child.ts';
import { median } from '../rig/statistics.ts';
import { slowerClock } from './captures.ts';

const slowdown = 1.1;
const candidates = Array.from({ length: 20 }, (_, index) => 10 + index);
const rounds = 3;

/**
 * How many multiplications make the clock dearer by at most a tenth, timed here and now: never more than is claimed. A
 * processor goes on with the next read while the last spin waits, so that the first few cost nothing.
 */
export async function calibratedTurns(library: string): Promise<number> {
  const plain = await priceAt(library, 0);
  let best = 0;
  for (const turns of candidates) {
    if ((await priceAt(library, turns)) / plain > slowdown) break;
    best = turns;
  }
  return best;
}

async function priceAt(library: string, turns: number): Promise<number> {
  const env = {
    ...process.env,
    VDSOTOP_NATIVE: library,
    VT_SLOWER_CLOCK: String(slowerClock),
    VT_SLOWER_TURNS: String(turns),
  };
  const prices: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const child = await startChild(process.execPath, [join(import.meta.dirname, 'calibrate.ts')], { env });
    prices.push(Number(await child.line()));
    await child.end();
  }
  return median(prices);
}
