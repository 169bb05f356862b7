import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { capsuleAsJson } from '../../src/capsule/capsule-as-json.ts';
import type { CapsuleProblem } from '../../src/capsule/capsule-problem.ts';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { encodeCapsule } from '../../src/capsule/encode-capsule.ts';
import { openCapsule } from '../../src/capsule/open-capsule.ts';
import type { Capsule } from '../../src/model/capsule.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { reading, recordingPath, recordingText } from './recordings.ts';

const here = temporaryDirectory();

function file(content: string | Uint8Array): string {
  const path = join(here, 'x');
  writeFileSync(path, content);
  return path;
}

const text = recordingText('demo');
const lines = text.split('\n');
const [header = '', first = '', second = ''] = lines;
const capsule: Capsule = decodeCapsule(text, reading);

/** The capsule with something changed in its header or its first snapshot, and its hash as it should be. */
function changed(what: { header?: object; snapshot?: object }): string {
  const [snapshot] = capsule.snapshots;
  return encodeCapsule({
    header: { ...capsule.header, ...what.header },
    snapshots: [{ ...snapshot, ...what.snapshot } as Snapshot],
  });
}

describe('a capsule is opened by what it begins with', () => {
  it('as NDJSON, in gzip, and as JSON', async () => {
    const opened = [
      await openCapsule(file(text), reading),
      await openCapsule(recordingPath('demo'), reading),
      await openCapsule(file(gzipSync(text, { level: 1 })), reading),
      await openCapsule(file(capsuleAsJson(text)), reading),
    ];
    for (const each of opened) expect(each).toEqual({ ...capsule, cutShort: false, leftOut: 0 });
  });

  it('in gzip that breaks off, as after a crash, up to what was flushed', async () => {
    const half = text.slice(0, text.indexOf('\n', text.length / 2) + 1);
    const flushed = gzipSync(half, { finishFlush: constants.Z_SYNC_FLUSH });
    expect(gunzipSync(flushed, { finishFlush: constants.Z_SYNC_FLUSH }).toString()).toBe(half);
    const broken = Buffer.concat([flushed, gzipSync(text).subarray(20, 60)]).subarray(0, flushed.length);
    const opened = await openCapsule(file(broken), reading);
    expect(opened.cutShort).toBe(true);
    expect(opened.snapshots).toEqual(capsule.snapshots.slice(0, half.split('\n').length - 2));
  });
});

describe('what is no capsule, or a bad one, is refused in a line', () => {
  const of = (kind: CapsuleProblem['kind'], message: RegExp) => ({ kind, message: expect.stringMatching(message) });
  const none = (message = /is not a capsule: it does not begin with the header of one/) => of('not-a-capsule', message);
  const broken = (message: RegExp) => of('damaged', message);

  const bad: Readonly<Record<string, readonly [content: string | Uint8Array, problem: object]>> = {
    'an empty file': ['', none(/is not a capsule: it is empty/)],
    'a text': ['hello\nworld\n', none()],
    'one line without an end': ['hello', none()],
    'JSON of another kind': ['{"schema":1,"tool":{}}\n', none()],
    'a JSON array of another kind': ['[1,2]', none(/no vdsotop data in this JSON/)],
    binary: [Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]), none(/is not a capsule: it is no text/)],
    'an ELF file': [Buffer.from('7f454c460201010000000000', 'hex'), none()],
    'a header alone': [`${header}\n`, broken(/is damaged: it holds no whole record/)],
    'a header that is half': [`${header.slice(0, 50)}\n${first}\n`, none()],
    'a header without what must be in it': ['{"capsule":1}\n', broken(/line 1: .*must have required property/)],
    'a later format': [`${header.replace('"capsule":1', '"capsule":2')}\n`, of('newer', /is a capsule of format 2/)],
    'an absurd format': [`${header.replace('"capsule":1', '"capsule":1e308')}\n`, of('newer', /of format 1e\+308/)],
    'a wrong hash': [text.replace(/"sha256":"[0-9a-f]{4}/, '"sha256":"0000'), broken(/SHA-256/)],
    'a record left out': [
      [...lines.slice(0, 5), ...lines.slice(6)].join('\n'),
      broken(/should hold \d+ records|does not/),
    ],
    'a record more than its last line says': [
      [header, first, second, '{"end":{"records":1,"sha256":""}}', ''].join('\n'),
      broken(/it should hold 1 record and holds 2$/),
    ],
    'a record twice': [[header, first, second, second, ...lines.slice(3)].join('\n'), broken(/records and holds/)],
    'something behind the end': [`${text}{}\n`, broken(/something follows/)],
    'a record that is no JSON': [`${header}\n${first}\n{"atMs":\n{}\n`, broken(/line 3 is no record/)],
    'a record that is a number': [`${header}\n${first}\n7\n`, broken(/line 3 is no record/)],
    'a delta first': [`${header}\n{"atMs":7}\n`, broken(/line 2 does not follow/)],
    'a word that is not known here': [changed({ snapshot: { shellcode: 1 } }), broken(/line 2: it says something/)],
    'a word that a newer vdsotop knows': [
      changed({ header: { tool: { name: 'vdsotop', version: '9.1.0' } }, snapshot: { moons: 1 } }),
      of('newer', /made by vdsotop 9\.1\.0, and this is 0\.1\.0: update it/),
    ],
    'a missing word': [changed({ snapshot: { cost: undefined } }), broken(/line 2: there is no cost/)],
    NaN: [changed({ snapshot: { elapsedMs: Number.NaN } }), broken(/line 2: elapsedMs must be number/)],
    'an infinite number': [text.replace(/"elapsedMs":[\d.]+/, '"elapsedMs":1e999'), broken(/elapsedMs must be number/)],
    'a number as text': [changed({ snapshot: { atMs: '7' } }), broken(/atMs must be number/)],
    'no date': [changed({ snapshot: { atMs: 1e300 } }), broken(/line 2: no such date/)],
    'an event at no date': [
      changed({ snapshot: { events: [{ atMs: -1e300, kind: 'gap', text: '' }] } }),
      broken(/no such date/),
    ],
    'an event of no kind': [
      changed({ snapshot: { events: [{ atMs: 1, kind: 'party', text: '' }] } }),
      broken(/events\/0\/kind must be equal to one of the allowed values/),
    ],
    'a window from the future': [changed({ snapshot: { sinceMs: 1e9 } }), broken(/its window begins at no time/)],
    'time that goes backwards': [
      encodeCapsule({ ...capsule, snapshots: capsule.snapshots.slice(0, 2).toReversed() }),
      broken(/line 3: time goes backwards|window begins/),
    ],
    'an escape character': [text.replace('"vdsotop-demo"', '"\\u001b]0;owned\\u0007"'), broken(/control characters/)],
    'an escape character as it is': [text.replace('"vdsotop-demo"', '"\x1b[31m"'), none()],
    'an escape character as it is, in a record': [
      `${header}\n${first.replace('"vdsotop-demo"', '"\x1b[31m"')}\n`,
      broken(/line 2 holds control characters/),
    ],
    'a C1 control character': [text.replace('"vdsotop-demo"', '"\x9b31m"'), broken(/control characters/)],
    'a text that turns around': [text.replace('"vdsotop-demo"', '"\u202egpj.exe"'), broken(/control characters/)],
    'a line break in a name': [text.replace('"vdsotop-demo"', '"a\\nb"'), broken(/control characters/)],
    'half a character': [text.replace('"vdsotop-demo"', '"\\ud800"'), broken(/control characters/)],
    'control characters in the header': [text.replace('"0.1.0"', '"\\u001b[2J"'), broken(/line 1 holds control/)],
    'a prototype': [`${header}\n${first}\n{"__proto__":{"a":1}}\n`, broken(/line 3 does not follow/)],
    'gzip of nothing': [gzipSync(''), none(/it is empty/)],
    'gzip that is broken inside': [brokenInside(gzipSync(text)), broken(/its compression is broken|SHA-256|line/)],
    'a PNG of nothing': [Buffer.from('89504e470d0a1a0a', 'hex'), of('damaged', /./)],
    'a PNG with a chunk that is called what a terminal obeys': [
      Buffer.from('89504e470d0a1a0a000000001b5b324a00000000', 'hex'),
      broken(/a chunk of it has changed since it was written/),
    ],
    'a last line that promises a text': [
      [...lines.slice(0, -2), '{"end":{"records":"<b>many</b>","sha256":""}}', ''].join('\n'),
      broken(/it should hold no number of records and holds \d+/),
    ],
    'an SVG without data': ['<svg xmlns="http://www.w3.org/2000/svg"/>', none(/is not a capsule/)],
    'an SVG of a billion laughs': [billionLaughs(), none(/is not a capsule/)],
  };

  it.each(Object.keys(bad))('%s', async (name) => {
    const [content, problem] = bad[name] ?? ['', {}];
    const opened = openCapsule(file(content), reading);
    await expect(opened).rejects.toMatchObject(problem);
    // One line, for a terminal.
    await expect(opened).rejects.toMatchObject({ message: expect.stringMatching(/^[ -~]{10,200}$/) });
  });

  it('a record nested deeper than any stack', async () => {
    const deep = `{"atMs":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    await expect(openCapsule(file(`${header}\n${first}\n${deep}\n`), reading)).rejects.toMatchObject(broken(/line 3/));
  });
});

describe('memory stays bounded', () => {
  const mostGrowth = 150 * 1024 * 1024;

  async function refuses(path: string, message: RegExp): Promise<void> {
    const before = process.memoryUsage().rss;
    await expect(openCapsule(path, reading)).rejects.toMatchObject({ message: expect.stringMatching(message) });
    expect(process.memoryUsage().rss - before).toBeLessThan(mostGrowth);
  }

  it('before a bomb of 4 GiB in gzip', async () => {
    // A thousand times 4 MiB, each member the same: gzip files may follow one another (RFC 1952, 2.2).
    const member = gzipSync(Buffer.alloc(4 << 20, 0x20));
    await refuses(file(Buffer.concat(Array.from({ length: 1_000 }, () => member))), /a line of more than 16 MiB/);
  });

  it('before a bomb of short lines', async () => {
    const member = gzipSync(`${header}\n${'x\n'.repeat(1 << 21)}`);
    await refuses(file(Buffer.concat(Array.from({ length: 500 }, () => member))), /line 2 is no record/);
  });

  it('before a file of 1 GiB without a line end', async () => {
    const path = join(here, 'sparse');
    const descriptor = openSync(path, 'w');
    writeSync(descriptor, '{"capsule":1');
    ftruncateSync(descriptor, 1 << 30);
    closeSync(descriptor);
    await refuses(path, /a line of more than 16 MiB/);
  });

  it('before short records that each need a long copy', async () => {
    const [snapshot] = capsule.snapshots;
    const slot = { fn: 'time', slot: 0, count: 1, tid: 1 } as const;
    const threads = Array.from({ length: 100_000 }, () => slot);
    const entries = { source: '', value: { ...countedIn(snapshot?.entries), threads } };
    const head = changed({ snapshot: { entries } }).split('\n').slice(0, 2).join('\n');
    const records = Array.from({ length: 200 }, (_, at) => `{"entries":{"value":{"threads":{"0":{"tid":${at}}}}}}\n`);
    const before = process.memoryUsage().rss;
    const opened = await openCapsule(file(`${head}\n${records.join('')}`), reading);
    expect(opened.snapshots.length + opened.leftOut).toBe(201);
    expect(opened.leftOut).toBeGreaterThan(120);
    expect(process.memoryUsage().rss - before).toBeLessThan(450 * 1024 * 1024);
  });

  it('before a document of 1 GiB', async () => {
    const path = join(here, 'sparse-array');
    const descriptor = openSync(path, 'w');
    writeSync(descriptor, '[\n');
    ftruncateSync(descriptor, 1 << 30);
    closeSync(descriptor);
    const before = process.memoryUsage().rss;
    await expect(openCapsule(path, reading)).rejects.toMatchObject({ message: expect.stringMatching(/256 MiB/) });
    expect(process.memoryUsage().rss - before).toBeLessThan(450 * 1024 * 1024);
  });
});

function countedIn(reading: Snapshot['entries'] | undefined): object {
  return reading !== undefined && 'value' in reading ? reading.value : {};
}

function brokenInside(bytes: Buffer): Buffer {
  const changedBytes = Buffer.from(bytes);
  changedBytes.fill(0xa5, bytes.length >> 1, (bytes.length >> 1) + 8);
  return changedBytes;
}

function billionLaughs(): string {
  const entities = Array.from({ length: 10 }, (_, level) => {
    const inner = level === 0 ? 'ha' : `&e${level - 1};`.repeat(10);
    return `<!ENTITY e${level} "${inner}">`;
  });
  return `<?xml version="1.0"?><!DOCTYPE svg [${entities.join('')}]><svg><text>&e9;</text></svg>`;
}
