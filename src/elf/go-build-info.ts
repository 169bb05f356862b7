import type { ElfWords } from './elf-words.ts';
import type { ReadBytes } from './read-bytes.ts';
import { textAt } from './text-at.ts';

/** What the Go linker writes about a program: `go version -m` shows the same. */
export interface GoBuildInfo {
  /** '1.19.8', without its 'go'. */
  readonly version: string;
  /** CGO_ENABLED of the build; absent before Go 1.18, which does not record it. */
  readonly cgo?: boolean;
}

const magic = '\xff Go buildinf:';
const maxModuleBytes = 16 * 1024;

/**
 * `at` is where the blob begins, in what `read` reads by address. Go's debug/buildinfo: since 1.18 (flag 2) two
 * strings with their lengths stand in line from byte 32; before, two pointers to string headers from byte 16.
 */
export function parseGoBuildInfo(read: ReadBytes, at: number, words: ElfWords): GoBuildInfo | undefined {
  const header = read(at, 32);
  if (header.length < 32 || textAt(header, 0, magic.length) !== magic) return undefined;
  const inline = ((header[15] ?? 0) & 2) !== 0;
  const [version = '', module = ''] = inline ? inlineStrings(read, at + 32) : pointedStrings(read, header, words);
  const number = /^go(\d[\w.+-]*)/.exec(version)?.[1];
  if (number === undefined) return undefined;
  const cgo = /\tCGO_ENABLED=([01])\n/.exec(module)?.[1];
  return { version: number, ...(cgo !== undefined && { cgo: cgo === '1' }) };
}

function inlineStrings(read: ReadBytes, start: number): readonly string[] {
  const [version, next] = inlineString(read, start);
  return [version, inlineString(read, next)[0]];
}

/** A length as unsigned LEB128, then so many bytes. */
function inlineString(read: ReadBytes, at: number): readonly [text: string, next: number] {
  const head = read(at, 5);
  let length = 0;
  let used = 0;
  for (const byte of head) {
    length += (byte & 0x7f) * 2 ** (7 * used);
    used += 1;
    if (byte < 0x80) break;
  }
  return [latin(read(at + used, Math.min(length, maxModuleBytes))), at + used + length];
}

function pointedStrings(read: ReadBytes, header: Uint8Array, words: ElfWords): readonly string[] {
  return [16, 16 + words.width].map((at) => {
    const string = read(words.wide(header, at), 2 * words.width);
    if (string.length < 2 * words.width) return '';
    const length = Math.min(words.wide(string, words.width), maxModuleBytes);
    return latin(read(words.wide(string, 0), length));
  });
}

function latin(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
