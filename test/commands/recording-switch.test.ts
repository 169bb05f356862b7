import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRecordingSwitch } from '../../src/commands/recording-switch.ts';
import type { Session } from '../../src/session.ts';
import { folderForEachTest } from '../folder-for-each-test.ts';

const here = folderForEachTest();

/** A session that ends before its first sample. */
const unseen = { capsule: () => undefined, onSnapshot: () => () => {} } as unknown as Session;
const choices = () => ({ folder: here(), showHost: true });

describe.each(['x.ndjson', 'x.ndjson.gz'])('a recording of nothing to %s', (name) => {
  it('is none: no file is left that could not be opened, and the next try has its name', async () => {
    const file = here(name);
    for (const _ of ['first', 'next']) {
      const recording = createRecordingSwitch(unseen, choices());
      await recording.begin(file);
      expect(await recording.end()).toBe(`nothing was recorded to ${file}: the watching ended before its first sample`);
      expect(readdirSync(here())).toEqual([]);
    }
  });
});
