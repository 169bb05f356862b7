import { expect, it } from 'vitest';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { isNewerVersion } from '../../src/capsule/is-newer-version.ts';
import { replayNotes } from '../../src/capsule/replay-notes.ts';
import { reading, recordingText } from './recordings.ts';

const whole = decodeCapsule(recordingText('command'), reading);
const plain = { ...whole, header: { ...whole.header, hidden: [] } };

it('says nothing of a whole capsule of this version that hides nothing', () => {
  expect(replayNotes(plain, '0.1.0')).toEqual([]);
});

it('says whose rules judge it, what is missing and what is hidden', () => {
  const recorded = whole.snapshots.length;
  expect(replayNotes({ ...plain, cutShort: true, leftOut: 3 }, '0.2.0')).toEqual([
    'Recorded by vdsotop 0.1.0 and judged anew by 0.2.0.',
    `It breaks off after ${recorded + 3} records.`,
    'Its first 3 records are left out: they do not fit in memory.',
  ]);
  expect(replayNotes(whole, '0.1.0').join(' ')).toMatch(/^Hidden when it was saved: host name, .*\.$/);
});

it('counts one record as one', () => {
  expect(replayNotes({ ...plain, snapshots: plain.snapshots.slice(0, 1), cutShort: true }, '0.1.0')).toEqual([
    'It breaks off after 1 record.',
  ]);
  expect(replayNotes({ ...plain, leftOut: 1 }, '0.1.0')).toEqual([
    'Its first record is left out: it does not fit in memory.',
  ]);
});

it.each([
  ['0.2.0', '0.1.9', true],
  ['0.10.0', '0.9.0', true],
  ['1.0.0', '0.99.99', true],
  ['0.1.0', '0.1.0', false],
  ['0.1.0', '0.2.0', false],
  ['0.1.0-rc1', '0.1.0', false],
  ['banana', '0.1.0', false],
])('knows whether %s is newer than %s', (version, than, newer) => {
  expect(isNewerVersion(version, than)).toBe(newer);
});
