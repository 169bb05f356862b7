import type { Frame } from '../model/frame.ts';
import type { Action } from './keys.ts';

/** What makes no sense in a replay. */
const needsProcess: ReadonlySet<Action> = new Set(['reset', 'perf-trace', 'record']);
/** What changes how a target is watched from now on. */
const needsLife: ReadonlySet<Action> = new Set(['reset', 'perf-trace', 'slower', 'faster']);

/** What there is of the session beside the frame. */
interface Life {
  readonly targetHasEnded: boolean;
  readonly isRecording: boolean;
}

/** Why a key can do nothing now; undefined where it can. It then changes nothing but what is said. */
export function refusedKey(action: Action, frame: Frame | undefined, life: Life): string | undefined {
  if (frame?.replay !== undefined)
    return needsProcess.has(action) ? 'not in a replay: there is no process behind it' : withoutBaseline(action, frame);
  if (life.targetHasEnded && asksForMore(action, frame, life))
    return 'the target has ended: nothing more is measured of it';
  return withoutBaseline(action, frame);
}

/** A recording under way is ended by its key, and what was paused is shown to its end. */
function asksForMore(action: Action, frame: Frame | undefined, { isRecording }: Life): boolean {
  if (action === 'record') return !isRecording;
  return action === 'pause' ? frame?.state === 'ended' : needsLife.has(action);
}

function withoutBaseline(action: Action, frame: Frame | undefined): string | undefined {
  return action === 'difference' && frame?.difference === undefined
    ? 'no baseline to compare with: b sets one'
    : undefined;
}
