// Ink takes every row of a frame apart into cells and puts them together again, so that boxes may lie over each other and
// be clipped. A screen of vdsotop is rows, each painted once from the left margin: it is its rows already, and that detour
// takes two fifths of the time of painting, and leaves half of all that the garbage collector has to do.
import Output from '../../node_modules/ink/build/output.js';
import { bareText, narrow } from './string-width.mjs';

/** Ink's own, but for frames that are nothing but rows. */
export default class QuickOutput extends Output {
  get() {
    const rows = rowsOf(this);
    if (rows === undefined) return super.get();
    return { output: rows.map((row) => row.trimEnd()).join('\n'), height: this.height };
  }
}

/** Undefined where anything is clipped, lies elsewhere or on something, or is not of simple characters. */
function rowsOf({ operations, width, height }) {
  const rows = new Array(height).fill('');
  for (const { type, x, y, text, transformers } of operations) {
    // Outside of the screen there is no row, not even an empty one.
    if (type !== 'write' || x !== 0 || rows[y] !== '') return undefined;
    const bare = bareText(text);
    if (!narrow.test(bare) || bare.length > width) return undefined;
    rows[y] = transformers.reduce((row, transform) => transform(row, 0), text);
  }
  return rows;
}
