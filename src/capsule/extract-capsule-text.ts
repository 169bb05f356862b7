import { isPng } from './embed/png-chunks.ts';
import { textFromPng } from './embed/png-data.ts';
import { textFromSvg } from './embed/svg-data.ts';

/** The capsule's text inside a picture, SVG or PNG by what it begins with; undefined where the bytes are neither. */
export function extractCapsuleText(bytes: Uint8Array): string | undefined {
  if (isPng(bytes)) return textFromPng(bytes);
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  return /^(?:\xef\xbb\xbf)?\s*</.test(head) ? textFromSvg(bytes) : undefined;
}
