import { describe, expect, it } from 'vitest';
import { capsuleAsJson } from '../../src/capsule/capsule-as-json.ts';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { encodeCapsule } from '../../src/capsule/encode-capsule.ts';
import { extractFromJson } from '../../src/capsule/extract-from-json.ts';
import { redactCapsule } from '../../src/capsule/redaction.ts';
import { reading, recordings, recordingText } from './recordings.ts';

describe.each(recordings)('the capsule %s', (name) => {
  const text = recordingText(name);
  const capsule = decodeCapsule(text, reading);

  it('is the same text again, byte for byte', () => {
    expect(encodeCapsule(capsule)).toBe(text);
  });

  it('is the same text again as a JSON document, which every JSON parser reads', () => {
    const json = capsuleAsJson(text);
    expect(JSON.parse(json)).toHaveLength(capsule.snapshots.length + 2);
    expect(extractFromJson(Buffer.from(json))).toBe(text);
  });

  it('shares what snapshots have in common: it takes no more memory than it is long', () => {
    const hosts = new Set(capsule.snapshots.map(({ host }) => host));
    expect(hosts.size).toBeLessThanOrEqual(3);
    expect(new Set(capsule.snapshots.map(({ unwatched }) => unwatched)).size).toBe(1);
  });

  it('is whole, and its snapshots go forward in time', () => {
    expect(capsule).toMatchObject({ cutShort: false, leftOut: 0 });
    const times = capsule.snapshots.map(({ elapsedMs }) => elapsedMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBeGreaterThan(3);
  });

  it('keeps its last records alone where memory is bounded, and says how many it left out', () => {
    const bounded = decodeCapsule(text, { ...reading, mostKept: 8_000 });
    expect(bounded.leftOut + bounded.snapshots.length).toBe(capsule.snapshots.length);
    expect(bounded.snapshots.length).toBeGreaterThan(1);
    expect(bounded.snapshots).toEqual(capsule.snapshots.slice(-bounded.snapshots.length));
  });

  it('is not redacted twice', () => {
    expect(redactCapsule(capsule)).toBe(capsule);
  });

  it.each([0, 1, 2, 5])('without its last %i bytes is read up to the last whole record', (missing) => {
    const read = decodeCapsule(text.slice(0, text.length - missing), reading);
    expect(read.cutShort).toBe(missing > 0);
    expect(read.snapshots).toEqual(capsule.snapshots);
  });

  it('cut off anywhere is read up to the last whole record, or is none', () => {
    const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
    for (let cut = 0; cut < text.length; cut += 997) {
      const whole = ends.filter((end) => end <= cut).length - 1;
      const read = () => decodeCapsule(text.slice(0, cut), reading).snapshots;
      if (whole < 1) expect(read).toThrow(/capsule|whole record/);
      else expect(read()).toEqual(capsule.snapshots.slice(0, whole));
    }
  });

  it('with any one character changed is refused', () => {
    for (let at = 3; at < text.length - 1; at += 1_733) {
      const changed = `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`;
      expect(() => decodeCapsule(changed, reading), `at ${at}: ${text.slice(at - 30, at + 30)}`).toThrow(
        /damaged|not a capsule/,
      );
    }
  });
});

it('of a session keeps numbers and texts exactly', () => {
  const capsule = decodeCapsule(recordingText('demo'), reading);
  const first = capsule.snapshots[0];
  if (first === undefined) throw new Error('the recording is empty');
  const odd = {
    ...first,
    elapsedMs: 1 / 3,
    sinceMs: 0,
    events: [{ atMs: 1.5, kind: 'gap', text: 'ünï "\\\\" /\\ </metadata> ]]> 試 \u{1f552}' }] as const,
    cost: { ...first.cost, probesNs: 5e-324, cpuTimeNs: 2 ** 53 - 1 },
  };
  const { snapshots } = decodeCapsule(encodeCapsule({ ...capsule, snapshots: [odd] }), reading);
  expect(snapshots).toEqual([odd]);
});

it('never holds a control character, whatever a collector let through', () => {
  const capsule = decodeCapsule(recordingText('demo'), reading);
  const [first] = capsule.snapshots;
  if (first === undefined) throw new Error('the recording is empty');
  const text = '\x1b]0;owned\x07 a\tb\nc \x9b31m \u202eevil \ud800 end';
  const bad = { ...first, events: [{ atMs: 1, kind: 'gap', text }] as const };
  const encoded = encodeCapsule({ ...capsule, snapshots: [bad] });
  expect(encoded.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|\\[^"\\]/u);
  expect(decodeCapsule(encoded, reading).snapshots[0]?.events[0]?.text).toBe('�]0;owned� a�b�c �31m �evil � end');
});
