import { describe, expect, it } from 'vitest';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { redactCapsule } from '../../src/capsule/redaction.ts';
import type { Frame } from '../../src/model/frame.ts';
import { frameOfCapsule } from '../../src/session/frame-of-capsule.ts';
import { startReplay } from '../../src/session/replay.ts';
import { reading, recordingText } from '../capsule/recordings.ts';

const version = '0.1.0';
const recorded = decodeCapsule(recordingText('demo'), reading);

function replayAt(steps: number): {
  readonly frame: Frame;
  readonly capsule: ReturnType<ReturnType<typeof startReplay>['capsule']>;
} {
  const replay = startReplay(recorded, { version, notes: [] });
  replay.step(steps);
  const frame = replay.frame();
  if (frame === undefined) throw new Error('nothing to show');
  return { frame, capsule: replay.capsule() };
}

describe('the frame judged from a capsule', () => {
  it.each([0, -3])('is the one that is shown, %d samples from the last', (steps) => {
    const { frame, capsule } = replayAt(steps);
    expect(frameOfCapsule(capsule, frame, version)).toEqual(frame);
  });

  it('lacks what was taken out of it', () => {
    const { frame, capsule } = replayAt(0);
    const told = { ...capsule, header: { ...capsule.header, hidden: [] } };
    const redacted = frameOfCapsule(redactCapsule(told), frame, version);
    expect(redacted?.report.host.hostname).toBe('(host name hidden)');
    expect(redacted?.report.clocks).toEqual(frame.report.clocks);
  });

  it('keeps the difference from a baseline, which no capsule holds', () => {
    const replay = startReplay(recorded, { version, notes: [] });
    replay.setBaseline();
    const frame = replay.frame();
    expect(frame?.difference).toBeDefined();
    expect(frame && frameOfCapsule(replay.capsule(), frame, version)).toEqual(frame);
  });
});
