import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { encodeCapsule } from '../../src/capsule/encode-capsule.ts';
import { createRecorder } from '../../src/capsule/recorder.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { reading, recordingText } from './recordings.ts';

const text = recordingText('demo');
const { header, snapshots } = decodeCapsule(text, reading);

function newPath(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vdsotop-recorder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

const unpacked = (path: string) => {
  const bytes = readFileSync(path);
  return path.endsWith('.gz')
    ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8')
    : bytes.toString('utf8');
};

describe.each(['x.ndjson', 'x.ndjson.gz'])('a recording to %s', (name) => {
  it('is the text that the same snapshots are encoded to at once', async () => {
    const path = newPath(name);
    const recorder = createRecorder(path);
    recorder.begin(header);
    for (const snapshot of snapshots) recorder.add(snapshot);
    const state = await recorder.close();
    expect(unpacked(path)).toBe(encodeCapsule({ header, snapshots }));
    expect(state).toEqual({ path, bytes: statSync(path).size });
    expect(statSync(path).mode & 0o7777).toBe(0o600);
  });

  it('has on disk what is older than a second, all the time', async () => {
    const path = newPath(name);
    const recorder = createRecorder(path);
    onTestFinished(async () => void (await recorder.close()));
    recorder.begin(header);
    let written = 0;
    for (const snapshot of snapshots.slice(0, 6)) {
      recorder.add(snapshot);
      written += 1;
      await sleep(1_300);
      const read = decodeCapsule(unpacked(path), reading);
      expect(read.snapshots).toEqual(snapshots.slice(0, written));
      expect(read.cutShort).toBe(true);
    }
    expect(recorder.state().bytes).toBe(statSync(path).size);
  }, 20_000);
});

it('is given up before it fills memory, where the disk does not keep up', async () => {
  // Written faster than any disk, without once letting go: what waits to be written grows.
  const recorder = createRecorder(newPath('fast.ndjson'));
  recorder.begin(header);
  const [first] = snapshots;
  if (first === undefined) throw new Error('the recording is empty');
  const large = (at: number): Snapshot => ({
    ...first,
    events: [{ atMs: at, kind: 'gap', text: `${at} ${'x'.repeat(1 << 20)}` }],
  });
  for (let at = 0; at < 40; at += 1) recorder.add(large(at));
  expect(recorder.state().failure).toBe('the disk does not keep up');
  expect((await recorder.close()).failure).toBe('the disk does not keep up');
});

it('is not begun where its file cannot be created', () => {
  const path = newPath('x.ndjson');
  const first = createRecorder(path);
  onTestFinished(async () => void (await first.close()));
  expect(() => createRecorder(path)).toThrow(/EEXIST/);
  expect(() => createRecorder(join(path, 'below'))).toThrow(/ENOTDIR/);
  expect(existsSync(join(path, 'below'))).toBe(false);
});
