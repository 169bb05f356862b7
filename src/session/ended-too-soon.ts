import type { Unavailable } from '../model/reading.ts';

/** Why a reading of a target that has ended will never be had. */
export const endedTooSoon: Unavailable = {
  unavailable: 'absent',
  detail: 'the target ended before this could be read',
};
