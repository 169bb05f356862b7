/**
 * The characters from `at` to the next NUL, at most `limit`, byte for character. '' where the bytes end before that: half a
 * name is another name.
 */
export function textAt(bytes: Uint8Array, at: number, limit = 256): string {
  let text = '';
  for (let index = at; index < at + limit; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) return '';
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
