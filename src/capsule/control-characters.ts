/**
 * What the JSON text of a capsule never holds, so that nothing in a file reaches a terminal: control characters and
 * invisible ones that turn the direction of what follows or join it. Of the escapes of JSON only \" and \\ are left, as
 * every other one stands for such a character or for half of one. Collectors take them out of what a target says of
 * itself; a file may say anything.
 */
const raw = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const everyRaw = new RegExp(raw, 'gu');
/** From the left, so that a backslash which is itself escaped begins nothing. */
const everyEscape = /\\(?:u[0-9a-fA-F]{4}|[\s\S])/g;

/** Whether a line of JSON, without its line end, holds one. */
export function hasControlCharacters(json: string): boolean {
  return raw.test(json) || (json.includes('\\') && (json.match(everyEscape) ?? []).some((text) => !isHarmless(text)));
}

/** The same line with U+FFFD in place of each. */
export function withoutControlCharacters(json: string): string {
  const escaped = json.includes('\\')
    ? json.replace(everyEscape, (text) => (isHarmless(text) ? text : '\ufffd'))
    : json;
  return raw.test(escaped) ? escaped.replace(everyRaw, '\ufffd') : escaped;
}

function isHarmless(text: string): boolean {
  return text === '\\"' || text === '\\\\';
}
