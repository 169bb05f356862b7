import { CapsuleProblem, damaged } from '../capsule-problem.ts';
import { unpackText } from './packed-text.ts';

const namespace = 'https://www.npmjs.com/package/vdsotop';

/** Packed text as the element that an SVG keeps in its <metadata>. */
export function svgData(packed: string): string {
  return `<vdsotop:capsule xmlns:vdsotop="${namespace}">${packed}</vdsotop:capsule>`;
}

/** The element, whatever prefix a tool that saved the picture anew has given it. */
const opening = /<(?:[\w.-]{1,64}:)?capsule(?:\s[^<>]{0,1000})?>\s{0,1000}(?:<!\[CDATA\[)?/;

/**
 * The text inside an SVG that was written with `svgData`. It is looked for, not parsed: no entity is expanded, nothing
 * outside is fetched, and the work is as long as the file. Throws a CapsuleProblem where there is none
 * or it is damaged.
 */
export function textFromSvg(bytes: Uint8Array): string {
  // All that is looked for is ASCII, and Latin-1 maps every byte to one character.
  const svg = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const found = opening.exec(svg);
  if (found === null) throw new CapsuleProblem('not-a-capsule', 'is not a capsule: there is no vdsotop data in it');
  const start = found.index + found[0].length;
  const end = svg.slice(start).search(/\]\]>|</);
  if (end < 0) throw damaged('the data inside is cut off');
  return unpackText(svg.slice(start, start + end));
}
