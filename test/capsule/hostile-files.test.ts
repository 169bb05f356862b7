import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { capsuleAsJson } from '../../src/capsule/capsule-as-json.ts';
import { CapsuleProblem } from '../../src/capsule/capsule-problem.ts';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { packText } from '../../src/capsule/embed/packed-text.ts';
import { withPngData } from '../../src/capsule/embed/png-data.ts';
import { pngOfPixels } from '../../src/capsule/embed/png-of-pixels.ts';
import { svgData } from '../../src/capsule/embed/svg-data.ts';
import { encodeCapsule } from '../../src/capsule/encode-capsule.ts';
import { openCapsule } from '../../src/capsule/open-capsule.ts';
import { startReplay } from '../../src/session/replay.ts';
import { fuzz, fuzzTimeoutMs } from '../fuzz/fuzz.ts';
import { mutate } from '../fuzz/mutate.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { reading, recordingPath, recordingText } from './recordings.ts';

/** Files that somebody else made, in every form that is opened: each is refused in one line, or can be judged and played. */
const here = temporaryDirectory();
const text = recordingText('command');
const short = () => {
  const whole = decodeCapsule(text, reading);
  return encodeCapsule({ ...whole, snapshots: whole.snapshots.slice(0, 2) });
};
const forms: Record<string, Buffer> = {};

beforeAll(async () => {
  const packed = await packText(short());
  const picture = await pngOfPixels({ width: 8, height: 8, pixels: Buffer.alloc(8 * 8 * 4, 255) });
  forms.text = Buffer.from(short());
  forms.gzip = gzipSync(short());
  forms['gzip of a real recording'] = readFileSync(recordingPath('demo'));
  forms.json = Buffer.from(capsuleAsJson(short()));
  forms.svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><metadata>${svgData(packed)}</metadata></svg>`);
  forms.png = withPngData(picture, packed, { Title: 'x' });
});

async function openAndPlay(bytes: Uint8Array): Promise<boolean> {
  const path = join(here, 'file');
  writeFileSync(path, bytes);
  try {
    const capsule = await openCapsule(path, reading);
    const replay = startReplay(capsule, { version: '0.1.0', notes: [] });
    replay.frame();
    replay.close();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(CapsuleProblem);
    expect((error as Error).message).toMatch(/^[ -~]{10,200}$/);
    return false;
  }
}

it.each(['text', 'gzip', 'gzip of a real recording', 'json', 'svg', 'png'])(
  'is opened or refused: %s',
  async (name) => {
    const original = forms[name] ?? Buffer.alloc(0);
    expect(await openAndPlay(original)).toBe(true);
    for (let end = 0; end < 80; end += 1) await openAndPlay(original.subarray(0, end));
    await fuzz(
      30,
      40,
      (below) => mutate(original, below),
      async (bytes) => void (await openAndPlay(bytes)),
    );
  },
  fuzzTimeoutMs,
);

it(
  'is opened or refused: values of a record that were changed, with the hash of what it says now',
  async () => {
    const odd = ['0', '-1', '1e308', '-1e308', '5e-324', '9007199254740993', 'null', 'true', '""', '[]', '{}', '"0"'];
    const rest = [
      '"</text><script>"',
      '"| a | `b` |"',
      `"${'9'.repeat(5_000)}"`,
      '{"value":1}',
      '{"unavailable":"denied"}',
    ];
    const values = [...odd, ...rest];
    const lines = short().split('\n').slice(0, -2);
    let opened = 0;
    await fuzz(
      31,
      150,
      (below) => {
        const index = below(lines.length);
        const line = lines[index] ?? '';
        const places = [...line.matchAll(/(?<=[:[,])(?:-?\d[\d.e+-]*|"(?:[^"\\]|\\.)*"|true|false)(?=[,\]}])/g)];
        let changed = line;
        for (let left = 1 + below(3); left > 0; left -= 1) {
          const place = places[below(places.length)];
          if (place === undefined) continue;
          changed =
            changed.slice(0, place.index) + values[below(values.length)] + changed.slice(place.index + place[0].length);
          break;
        }
        return [...lines.slice(0, index), changed, ...lines.slice(index + 1), ''].join('\n');
      },
      async (content) => {
        if (await openAndPlay(Buffer.from(content))) opened += 1;
      },
    );
    expect(opened).toBeGreaterThan(5);
  },
  fuzzTimeoutMs,
);
