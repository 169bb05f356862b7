import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createShapeCheck } from '../../src/capsule/shape-check.ts';

/** What test/fixtures/capsules holds: recordings of real processes, and how each was made in its README. */
export const recordings = ['demo', 'command'] as const;

export function recordingPath(name: (typeof recordings)[number]): string {
  return join(import.meta.dirname, `../fixtures/capsules/${name}.ndjson.gz`);
}

export function recordingText(name: (typeof recordings)[number]): string {
  return gunzipSync(readFileSync(recordingPath(name))).toString('utf8');
}

export const reading = { check: createShapeCheck(), version: '0.1.0' };
