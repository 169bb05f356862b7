import type { Frame } from '../model/frame.ts';
import type { Action } from './keys.ts';

/** What makes no sense in a replay. */
const needsProcess: ReadonlySet<Action> = new Set(['reset', 'perf-trace', 'record']);
/** What changes how a target is watched from now on. */
const needsLife: ReadonlySet<Action> = new Set(['reset', 'perf-trace', 'slower', 'faster']);

/** Why a key can do nothing now; undefined where it can. It then changes nothing but what is said. */
export function refusedKey(action: Action, frame: Frame | undefined, targetHasEnded: boolean): string | undefined {
  if (frame?.replay !== undefined)
    return needsProcess.has(action) ? 'not in a replay: there is no process behind it' : withoutBaseline(action, frame);
  if (targetHasEnded && needsLife.has(action)) return 'the target has ended: nothing more is measured of it';
  return withoutBaseline(action, frame);
}

function withoutBaseline(action: Action, frame: Frame | undefined): string | undefined {
  return action === 'difference' && frame?.difference === undefined
    ? 'no baseline to compare with: b sets one'
    : undefined;
}
