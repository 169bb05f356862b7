import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { CapsuleProblem } from '../../../src/capsule/capsule-problem.ts';
import { mostTextBytes, packText, unpackText } from '../../../src/capsule/embed/packed-text.ts';
import { pngChunks } from '../../../src/capsule/embed/png-chunks.ts';
import { withPngData } from '../../../src/capsule/embed/png-data.ts';
import { extractCapsuleText } from '../../../src/capsule/extract-capsule-text.ts';
import { onePixel, pngWith, svgWith } from './pictures.ts';

const text = `{"capsule":1,"name":"µ 日本 \u{1f600} <&>]]>--"}\n${'{"at":1}\n'.repeat(1_000)}\ufeff\r\n`;
const packed = await packText(text);

describe('a text that went through a picture', () => {
  it('is the same byte for byte from an SVG', () => {
    expect(extractCapsuleText(svgWith(packed))).toBe(text);
  });

  it('is the same byte for byte from a PNG, which still is one', () => {
    const png = withPngData(onePixel, packed, { Title: 'vdsotop: µ' });
    expect(extractCapsuleText(png)).toBe(text);
    const { width, height, data } = PNG.sync.read(png);
    expect({ width, height, pixel: [...data] }).toEqual({
      width: 1,
      height: 1,
      pixel: [...PNG.sync.read(onePixel).data],
    });
    expect([...pngChunks(png)].map(({ type }) => type)).toEqual(['IHDR', 'iTXt', 'iTXt', 'IDAT', 'IEND']);
  });

  it('is not looked for in what is neither', () => {
    expect(extractCapsuleText(Buffer.from('{"capsule":1}\n'))).toBeUndefined();
    expect(extractCapsuleText(Buffer.from([0x1f, 0x8b, 8, 0]))).toBeUndefined();
    expect(extractCapsuleText(Buffer.alloc(0))).toBeUndefined();
  });
});

describe('a picture that a tool has saved anew', () => {
  const wrapped = (packed.match(/.{1,76}/g) ?? []).join('\n      ');
  it.each([
    [
      'with the element indented and its lines wrapped',
      `<svg><metadata>\n <v:capsule xmlns:v="u">\n${wrapped}\n</v:capsule></metadata></svg>`,
    ],
    [
      'without the prefix',
      `<?xml version="1.0"?>\n<svg><metadata><capsule xmlns="u" id="a">${packed}</capsule></metadata></svg>`,
    ],
    ['with CDATA', `<svg><metadata><ns0:capsule><![CDATA[${packed}]]></ns0:capsule></metadata></svg>`],
    ['behind a byte order mark', `\ufeff\r\n<svg><capsule>${packed}</capsule></svg>`],
  ])('still gives an SVG its text: %s', (_, svg) => {
    expect(extractCapsuleText(Buffer.from(svg))).toBe(text);
  });

  const keyword = 'vdsotop capsule\0';
  const deflated = deflateSync(packed);
  it.each([
    ['tEXt', Buffer.from(keyword + packed)],
    ['zTXt', Buffer.concat([Buffer.from(`${keyword}\0`), deflated])],
    ['iTXt', Buffer.concat([Buffer.from(`${keyword}\u0001\0en\0translated\0`), deflated])],
  ])('still gives a PNG its text: as %s', (type, data) => {
    expect(extractCapsuleText(pngWith(type, data))).toBe(text);
  });
});

describe('a hostile or broken picture is refused, and its memory bounded', () => {
  const bomb = deflateSync(Buffer.alloc(mostTextBytes + 1)).toString('base64');
  const laughs = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
  const huge = withLength(pngWith('iTXt', 'x'), 0x7fff_ffff);
  const flipped = Buffer.from(withPngData(onePixel, packed));
  flipped.writeUInt8(flipped.readUInt8(80) ^ 1, 80);

  it.each([
    ['an SVG without data', Buffer.from('<svg><title>capsule</title></svg>'), /no vdsotop data/],
    ['entities in place of data', Buffer.from(`${laughs}<svg><capsule>&b;</capsule></svg>`), /not base64/],
    [
      'an external entity',
      Buffer.from('<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><s><capsule>&x;</capsule></s>'),
      /not base64/,
    ],
    ['data that is cut off', svgWith(packed).subarray(0, 300), /cut off/],
    ['data cut off within base64', Buffer.from(`<svg><capsule>${packed.slice(0, 90)}</capsule></svg>`), /cut off/],
    ['an empty element', Buffer.from('<svg><capsule></capsule></svg>'), /not base64/],
    ['a bomb in an SVG', svgWith(bomb), /more than 64 MiB/],
    ['a bomb in a PNG', withPngData(onePixel, bomb), /more than 64 MiB/],
    [
      'a bomb around a bomb',
      pngWith(
        'zTXt',
        Buffer.concat([Buffer.from('vdsotop capsule\0\0'), deflateSync(Buffer.alloc(mostTextBytes + 1))]),
      ),
      /more than 64 MiB/,
    ],
    ['bytes that are no UTF-8', svgWith(deflateSync(Buffer.from([0xff, 0xfe])).toString('base64')), /UTF-8/],
    ['a PNG without data', onePixel, /no vdsotop data/],
    ['a PNG that is cut off', withPngData(onePixel, packed).subarray(0, 90), /cut off/],
    ['a chunk that claims 2 GiB', huge, /cut off/],
    ['a PNG with a flipped bit', flipped, /CRC-32/],
    ['a keyword that never ends', pngWith('iTXt', 'vdsotop capsule'), /no vdsotop data/],
    ['an iTXt without its parts', pngWith('iTXt', 'vdsotop capsule\0'), /not base64/],
  ])('%s', (_, bytes, message) => {
    expect(() => extractCapsuleText(bytes)).toThrow(CapsuleProblem);
    expect(() => extractCapsuleText(bytes)).toThrow(message);
  });

  it('takes no longer than the file is long', () => {
    const hostile = ['<capsule ', '<a:', '<capsule a', '<![CDATA[', '<', ' '];
    for (const part of hostile) {
      const startedMs = performance.now();
      expect(() => extractCapsuleText(Buffer.from(`<${part.repeat(4_000_000 / part.length)}`))).toThrow(CapsuleProblem);
      expect(performance.now() - startedMs).toBeLessThan(3_000);
    }
  });
});

it('unpacks nothing beyond the bound it is given', async () => {
  const small = await packText('x'.repeat(100));
  expect(unpackText(small, 100)).toHaveLength(100);
  expect(() => unpackText(small, 99)).toThrow(/more than/);
});

/** The length of the chunk behind the header, changed. */
function withLength(png: Buffer, length: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(length, 33);
  return changed;
}
