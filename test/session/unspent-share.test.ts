import { describe, expect, it } from 'vitest';
import { createUnspentShare } from '../../src/session/unspent-share.ts';

const share = 0.002;

/** Asked once a second for so long, while this part of a core is spent; the last answer. */
function leftAfter(seconds: number, spending: (second: number) => number): number {
  let spentNs = 0;
  const unspent = createUnspentShare(share, () => spentNs);
  let left = 0;
  for (let second = 0; second <= seconds; second += 1) {
    left = unspent(second * 1_000);
    spentNs += spending(second) * 1e9;
  }
  return left;
}

describe('what is left of a share', () => {
  it('is nothing before it is known what is spent', () => {
    expect(leftAfter(4, () => 0)).toBe(0);
  });

  it('is all that was not spent', () => {
    expect(leftAfter(20, () => 0)).toBe(share);
    expect(leftAfter(20, () => share / 4)).toBeCloseTo((share * 3) / 4, 6);
  });

  it('is nothing where more was spent', () => {
    expect(leftAfter(20, () => share * 3)).toBe(0);
  });

  it('follows what is spent of late', () => {
    expect(leftAfter(40, (second) => (second < 20 ? share : 0))).toBe(share);
    expect(leftAfter(40, (second) => (second < 20 ? 0 : share))).toBeCloseTo(0, 6);
  });
});
