import { type DynamicTables, dynamicTags as tags } from './dynamic-tables.ts';
import type { ElfWords } from './elf-words.ts';
import type { ReadBytes } from './read-bytes.ts';

/** One definition of a name that a module offers to lookups. */
export interface DynamicDefinition {
  /** In the module's own addresses. */
  readonly address: number;
  readonly sizeBytes: number;
  /** Absent where the module gives the symbol none: such a definition satisfies every reference. */
  readonly version?: string;
}

/** Symbols that share a hash bucket: a dozen at most in real libraries, and of one name one for each version. */
const maxChain = 512;
const maxCandidates = 32;

/** Definitions of the name by the module's hash table, of either kind; none where it has no table. */
export function findDefinitions(tables: DynamicTables, name: string): readonly DynamicDefinition[] {
  const candidates = gnuCandidates(tables, name) ?? sysvCandidates(tables, name) ?? [];
  return candidates.slice(0, maxCandidates).flatMap((index) => {
    const symbol = tables.symbol(index);
    // STB_LOCAL is 0: not offered to others.
    if (symbol === undefined || !symbol.defined || symbol.binding === 0) return [];
    if (tables.string(symbol.nameAt) !== name) return [];
    const version = versionOf(tables, index);
    const { address, sizeBytes } = symbol;
    return [{ address, sizeBytes, ...(version !== undefined && { version }) }];
  });
}

/** Symbol indices whose GNU hash is the name's: https://flapenguin.me/elf-dt-gnu-hash. */
function gnuCandidates({ read, words, locate }: DynamicTables, name: string): readonly number[] | undefined {
  const table = locate(tags.gnuHash);
  if (table === undefined) return undefined;
  const header = read(table, 16);
  if (header.length < 16) return [];
  const [buckets, firstSymbol, bloomWords] = [words.word(header, 0), words.word(header, 4), words.word(header, 8)];
  if (buckets === 0) return [];
  const hash = gnuHash(name);
  const bucketsAt = table + 16 + bloomWords * words.width;
  const start = readWord(read, words, bucketsAt + (hash % buckets) * 4) ?? 0;
  const found: number[] = [];
  if (start < firstSymbol) return found;
  const chainsAt = bucketsAt + buckets * 4;
  for (let step = 0; step < maxChain; step++) {
    const chained = readWord(read, words, chainsAt + (start - firstSymbol + step) * 4);
    if (chained === undefined) break;
    if (chained >>> 1 === hash >>> 1) found.push(start + step);
    if ((chained & 1) === 1) break;
  }
  return found;
}

function sysvCandidates({ read, words, locate }: DynamicTables, name: string): readonly number[] | undefined {
  const table = locate(tags.sysvHash);
  if (table === undefined) return undefined;
  const buckets = readWord(read, words, table) ?? 0;
  if (buckets === 0) return [];
  const found: number[] = [];
  let index = readWord(read, words, table + 8 + (sysvHash(name) % buckets) * 4);
  for (let step = 0; index !== undefined && index !== 0 && step < maxChain; step++) {
    found.push(index);
    index = readWord(read, words, table + 8 + (buckets + index) * 4);
  }
  return found;
}

function readWord(read: ReadBytes, words: ElfWords, at: number): number | undefined {
  const bytes = read(at, 4);
  return bytes.length < 4 ? undefined : words.word(bytes, 0);
}

function gnuHash(name: string): number {
  let hash = 5_381;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 33) + name.charCodeAt(at)) >>> 0;
  return hash;
}

function sysvHash(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) {
    hash = ((hash << 4) + name.charCodeAt(at)) >>> 0;
    const high = hash & 0xf000_0000;
    hash = (hash ^ (high >>> 24)) & ~high & 0xffff_ffff;
  }
  return hash >>> 0;
}

/** The name of the version a symbol is defined in: Drepper, "ELF Symbol Versioning". 0 and 1 stand for none. */
function versionOf({ read, words, locate, versionName }: DynamicTables, index: number): string | undefined {
  const ofSymbol = locate(tags.versionOfSymbol);
  if (ofSymbol === undefined) return undefined;
  const number = read(ofSymbol + index * 2, 2);
  if (number.length < 2) return undefined;
  const wanted = words.half(number, 0) & 0x7fff;
  return wanted < 2 ? undefined : versionName(wanted);
}
