import { expect } from 'vitest';
import { seededRandom } from '../../bench/rig/statistics.ts';

/**
 * Every run of the suite tries a few inputs, always the same ones. VDSOTOP_FUZZ=500 tries five hundred times as many, and
 * VDSOTOP_FUZZ_SEED=7 others.
 */
export const fuzzTimes = Number(process.env.VDSOTOP_FUZZ ?? 1);
const seed = Number(process.env.VDSOTOP_FUZZ_SEED ?? 1);

/** More CPU time than that no single input may take from what watches, whatever else runs on the machine. */
const mostCpuMs = 2_000;

/** Numbers from 0 to below a limit that are the same in every run. */
export function createBelow(salt: number): (limit: number) => number {
  const random = seededRandom(seed * 1_000 + salt);
  return (limit) => Math.floor(random() * limit);
}

/** Tries `rounds` inputs of `make`; none may take long, and `check` says what must hold. What fails is told by its round. */
export async function fuzz<T>(
  salt: number,
  rounds: number,
  make: (below: (limit: number) => number) => T,
  check: (input: T) => void | Promise<void>,
): Promise<void> {
  const below = createBelow(salt);
  for (let round = 0; round < rounds * fuzzTimes; round += 1) {
    const input = make(below);
    const before = process.cpuUsage();
    try {
      await check(input);
    } catch (error) {
      throw new Error(`input ${round} of seed ${seed}: ${shown(input)}`, { cause: error });
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000, `ms for input ${round} of seed ${seed}`).toBeLessThan(mostCpuMs);
  }
}

function shown(input: unknown): string {
  const text =
    input instanceof Uint8Array
      ? Buffer.from(input).toString('latin1')
      : (JSON.stringify(input, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)) ?? '');
  return JSON.stringify(text.slice(0, 300));
}

/** How long a test may take that tries so many times more. */
export const fuzzTimeoutMs = 30_000 * Math.max(1, fuzzTimes);
