/**
 * A capsule's text as one JSON document: an array of its lines, one a line still, so that the text can be had back as it
 * was. For programs that read no NDJSON.
 */
export function capsuleAsJson(text: string): string {
  return `[\n${text.trimEnd().replaceAll('\n', ',\n')}\n]\n`;
}
