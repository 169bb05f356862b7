import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecordingSwitch } from '../../src/commands/recording-switch.ts';
import type { Session } from '../../src/session.ts';

let here = '';
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'vdsotop-switch-'));
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

/** A session that ends before its first sample. */
const unseen = { capsule: () => undefined, onSnapshot: () => () => {} } as unknown as Session;
const choices = () => ({ folder: here, showHost: true });

describe.each(['x.ndjson', 'x.ndjson.gz'])('a recording of nothing to %s', (name) => {
  it('is none: no file is left that could not be opened, and the next try has its name', async () => {
    const file = join(here, name);
    for (const _ of ['first', 'next']) {
      const recording = createRecordingSwitch(unseen, choices());
      await recording.begin(file);
      expect(await recording.end()).toBe(`nothing was recorded to ${file}: the watching ended before its first sample`);
      expect(readdirSync(here)).toEqual([]);
    }
  });
});
