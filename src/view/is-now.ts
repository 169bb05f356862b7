import type { Frame } from '../model/frame.ts';

/** Whether what is shown is of this moment: not paused at, recorded, or the last of a target that ended. */
export function isNow({ state, replay }: Frame): boolean {
  return replay === undefined && (state === 'live' || state === 'measuring');
}
