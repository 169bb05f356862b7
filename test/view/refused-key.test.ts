import { describe, expect, it } from 'vitest';
import { refusedKey } from '../../src/view/refused-key.ts';
import { frames } from '../ui/frames.ts';

const dead = { targetHasEnded: true, isRecording: false };
const said = 'the target has ended: nothing more is measured of it';

describe('on a target that has ended', () => {
  it('begins no recording, and ends the one under way', () => {
    expect(refusedKey('record', frames.ended, dead)).toBe(said);
    expect(refusedKey('record', frames.ended, { ...dead, isRecording: true })).toBeUndefined();
    expect(refusedKey('record', frames.demo, { ...dead, targetHasEnded: false })).toBeUndefined();
  });

  it('pauses nothing, and goes on to its end from where it was paused', () => {
    expect(refusedKey('pause', frames.ended, dead)).toBe(said);
    expect(refusedKey('pause', { ...frames.paused, hasEnded: true }, dead)).toBeUndefined();
  });

  it.each(['save', 'copy', 'step-back', 'baseline', 'quit'] as const)('%s goes on', (action) => {
    expect(refusedKey(action, frames.ended, dead)).toBeUndefined();
  });
});
