import { textWidth } from '../../view/printable.ts';
import { type GlyphShape, glyphShape } from './glyph-shape.ts';

/** A stretch of text that a font draws; or, with its shape, one character that needs none, repeated. */
export interface TextPiece {
  readonly text: string;
  /** Columns from the beginning of the text. */
  readonly column: number;
  readonly columns: number;
  readonly shape?: GlyphShape;
}

/**
 * The text without its blanks, cut so that every piece can be set where its own cells are: at two blanks, which viewers
 * collapse, around characters that are drawn as shapes, and around those that another font may have to supply.
 */
export function textPieces(text: string): readonly TextPiece[] {
  let column = 0;
  return Array.from(text.matchAll(pattern), ([part]): TextPiece => {
    const piece = { text: part, column, columns: textWidth(part) };
    column += piece.columns;
    const shape = glyphShape(String.fromCodePoint(part.codePointAt(0) ?? 0));
    return shape === undefined ? piece : { ...piece, shape };
  }).filter((piece) => piece.text.trim() !== '');
}

const shaped = '\\u2500-\\u259f\\u2800-\\u28ff';
const word = `[^ ${shaped}\\u1100-\\u1fff\\u2c00-\\uffff]+`;
const pattern = new RegExp(`([${shaped}])\\1*| +|${word}(?: ${word})*|[^]`, 'gu');
