import { expect, it } from 'vitest';
import { fitBounds } from '../../../src/collect/calls/fit-bounds.ts';

it.each([
  ['as they are, where there is room', [345, 5, 5, 5], 370, [345, 5, 5, 5]],
  ['by the same part', [300, 100, 100, 100], 304, [151, 50, 50, 50]],
  ['but for one of each', [345, 5, 5, 5], 5, [1, 1, 1, 1]],
  ['and none of what is not asked for', [345, 0, 5, 5], 10, [7, 0, 1, 1]],
  ['of the first where there is no room for each', [345, 5, 5, 5], 2.9, [1, 1, 0, 0]],
])('bounds are cut to what a ring holds %s', (_, bounds, room, fitting) => {
  const result = fitBounds(bounds, room);
  expect(result).toEqual(fitting);
  expect(result.reduce((sum, bound) => sum + bound, 0)).toBeLessThanOrEqual(room);
});
