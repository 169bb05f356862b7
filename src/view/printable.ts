/**
 * Text that may come from the target, made safe for a terminal: control, escape, format (bidirectional overrides,
 * joiners), private and combining characters are taken out, and what terminals disagree about the width of (emoji and
 * everything outside the basic plane) becomes '?'. Every character left takes one column, or two if it is wide.
 */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[\t\n\r]+/g, ' ')
    .replace(/[\p{C}\p{Mn}\p{Me}\u2028\u2029]/gu, '')
    .replace(/[\p{Emoji_Presentation}\u{10000}-\u{10FFFF}]/gu, '?');
}

/** ASCII, Latin-1, and the signs that our own text is written with: nothing of them is taken out or is wide. */
const plain =
  /^[\x20-\x7e\xa1-\xac\xae-\xff\u2013\u2014\u2026\u2190-\u2193\u2248\u2264\u2265\u2500-\u259f\u2800-\u28ff]*$/;

/** East Asian wide and fullwidth ranges of the basic plane (https://www.unicode.org/reports/tr11/). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/g;

/** Columns that printable text takes. */
export function textWidth(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}
