/**
 * Text from a target, made safe for a terminal, a file name and an SVG: what it names itself is hostile. Terminal
 * sequences go whole, line breaks and tabs become a space, and everything invisible goes: C0, C1, DEL, lone surrogates,
 * bidirectional overrides, zero-width and other ignorable characters. Bytes that are not UTF-8 become U+FFFD. The result
 * has at most `maxLength` characters, the last an ellipsis where more was cut off.
 */
export function cleanText(raw: string | Uint8Array, maxLength = 256): string {
  const bounded = raw.slice(0, maxLength * unitsReadPerCharacter);
  const text = typeof bounded === 'string' ? bounded : new TextDecoder().decode(bounded);
  const clean = text
    .replace(terminalSequence, '')
    .replace(breaks, ' ')
    .replace(invisible, '')
    .replace(stackedMarks, '$1')
    .trim();
  const characters = Array.from(clean);
  if (characters.length <= maxLength) return clean;
  return `${characters.slice(0, maxLength - 1).join('')}…`;
}

/** Much more is read than shown, so that text hidden behind a long sequence still comes out; but not without bound. */
const unitsReadPerCharacter = 16;

/**
 * ECMA-48: control sequences (CSI), control strings up to their terminator (OSC, DCS, SOS, PM, APC), other escapes; with
 * their one-character C1 forms. A string never crosses another control character: a lone introducer hides nothing.
 */
const terminalSequence = new RegExp(
  [
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
    '(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x80-\\x9f]*(?:\\x07|\\x1b\\\\|\\x9c)',
    '\\x1b[ -/]*[0-~]',
  ].join('|'),
  'g',
);

const breaks = /[\t\n\v\f\r\x85\u2028\u2029]+/g;

/** Cc, Cf, Cs: controls, format characters (bidirectional ones among them), lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** More than two combining marks on one letter climb into the lines around it. */
const stackedMarks = /(\p{M}{2})\p{M}+/gu;
