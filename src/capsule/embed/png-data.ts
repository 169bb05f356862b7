import { CapsuleProblem } from '../capsule-problem.ts';
import { inflate, unpackText } from './packed-text.ts';
import { type PngChunk, pngChunks, withChunks } from './png-chunks.ts';

const keyword = 'vdsotop capsule';

/** The PNG with packed text and words about it inside, each as an iTXt chunk (PNG third edition, §11.3.3.4). */
export function withPngData(png: Uint8Array, packed: string, words: Readonly<Record<string, string>> = {}): Buffer {
  return withChunks(png, [...Object.entries(words), [keyword, packed] as const].map(textChunk));
}

function textChunk([name, text]: readonly [string, string]): PngChunk {
  // Keyword, end of it; not compressed, method 0; no language, no translated keyword.
  return { type: 'iTXt', data: Buffer.concat([Buffer.from(`${name}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')]) };
}

/** The text inside a PNG that was written with `withPngData`. Throws a CapsuleProblem where there is none
 * or it is damaged. */
export function textFromPng(bytes: Uint8Array): string {
  for (const chunk of pngChunks(bytes)) {
    const read = readers[chunk.type];
    const start = chunk.data.indexOf(0) + 1;
    if (read !== undefined && chunk.data.toString('latin1', 0, start) === `${keyword}\0`)
      return unpackText(read(chunk.data.subarray(start)));
  }
  throw new CapsuleProblem('not-a-capsule', 'is not a capsule: there is no vdsotop data in this PNG');
}

/** A tool that saves a PNG anew may choose another of its three kinds of text, and may compress it. */
const readers: Readonly<Record<string, (data: Buffer) => string>> = {
  tEXt: (data) => data.toString('latin1'),
  zTXt: (data) => Buffer.from(inflate(data.subarray(1))).toString('latin1'),
  iTXt: (data) => {
    const language = data.indexOf(0, 2);
    const text = data.subarray(data.indexOf(0, language + 1) + 1);
    return (data[0] === 1 ? Buffer.from(inflate(text)) : text).toString('latin1');
  },
};
