/** The characters from `at` to the next NUL or the end, at most `limit`, byte for character; '' past the end. */
export function textAt(bytes: Uint8Array, at: number, limit = 256): string {
  let text = '';
  for (let index = at; index < at + limit; index += 1) {
    const byte = bytes[index];
    if (byte === undefined || byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
