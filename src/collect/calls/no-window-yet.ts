import { unavailable } from '../reading.ts';

/** Why nothing is known of vDSO calls in the first moments. */
export const noWindowYet = unavailable('absent', 'no moment of watching is over yet');
