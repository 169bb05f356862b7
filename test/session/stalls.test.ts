import { describe, expect, it } from 'vitest';
import { createStalls } from '../../src/session/stalls.ts';

/** Samples at these moments, two a second, with so much waiting for a CPU before each; milliseconds. */
function said(samples: readonly (readonly [atMs: number, waitedMs: number | undefined])[]): readonly string[] {
  const queue = samples.map(([, waited]) => (waited === undefined ? undefined : waited * 1e6));
  const { check } = createStalls(() => queue.shift());
  return samples.flatMap(([atMs]) => check(atMs, 500) ?? []);
}

describe('samples that did not come', () => {
  it('are no news where they are a little late', () => {
    const samples = [
      [0, 0],
      [500, 0],
      [2_900, 2_000],
      [3_400, 2_000],
    ] as const;
    expect(said(samples)).toEqual([]);
  });

  it('are told with how long a CPU was waited for, and no more is claimed', () => {
    const samples = [
      [0, 0],
      [5_700, 1_200],
    ] as const;
    expect(said(samples)).toEqual([
      'no sample for 5.7 s: vdsotop waited 1.2 s of it for a CPU; it may also have been stopped, or the machine stood still',
    ]);
  });

  it('are told where the kernel does not account for waiting', () => {
    const samples = [
      [0, undefined],
      [60_000, undefined],
    ] as const;
    expect(said(samples)[0]).toMatch(/^no sample for 60\.0 s: how long vdsotop waited for a CPU is not known/);
  });

  it('are none after a change of the rhythm', () => {
    const { check, restart } = createStalls(() => 0);
    check(0, 10_000);
    restart();
    expect(check(9_000, 100)).toBeUndefined();
  });

  it('reads what this kernel accounts for', () => {
    const { check } = createStalls();
    check(0, 500);
    expect(check(10_000, 500)).toMatch(/vdsotop waited \d+\.\d s of it for a CPU/);
  });
});
