import { withoutControlCharacters } from '../capsule/control-characters.ts';

/**
 * A value as indented JSON for a terminal or a file. A target names its files as it likes, and JSON.stringify escapes
 * control characters up to U+001F only: those of a terminal's 8-bit controls, and those that turn text around, go.
 * `indent` 0 puts all of it on one line.
 */
export function printedJson(value: unknown, indent = 2): string {
  return JSON.stringify(JSON.parse(withoutControlCharacters(JSON.stringify(value))), undefined, indent);
}
