import { type ByteCursor, createCursor } from './byte-cursor.ts';
import type { ElfFile } from './elf-file.ts';
import { omittedPointer, type PointerBases, readFormat, readPointer } from './encoded-pointer.ts';
import { offsetOfAddress } from './file-address.ts';

/** What the entries of one kind of code have in common (a CIE of the DWARF standard, as LSB has it in .eh_frame). */
export interface CommonFrame {
  readonly codeAlignment: number;
  readonly dataAlignment: number;
  readonly returnRegister: number;
  readonly pointerEncoding: number;
  /** Augmentation S: the frame a signal handler returns to; its return address is the interrupted instruction itself. */
  readonly signalFrame: boolean;
  /** Augmentation z: each entry has a length of augmentation data to step over. */
  readonly sized: boolean;
  readonly instructions: Uint8Array;
}

/** How to leave one function (an FDE). Addresses are those of the file. */
export interface FrameEntry {
  readonly common: CommonFrame;
  readonly start: number;
  readonly sizeBytes: number;
  readonly instructions: Uint8Array;
}

/** The longest entry of Debian's libc has 500 bytes, of a large C++ program some thousands. */
export const maxEntryBytes = 64 * 1024;
/** libc has three; a program linked of many languages' objects some dozens. What has more is not followed. */
const maxCommon = 1_024;
const maxAugmentationLetters = 8;

export interface EntryReader {
  entryAt(address: number): FrameEntry | undefined;
  /** The common part at an address: undefined for what is none, or not understood. */
  commonAt(address: number): CommonFrame | undefined;
}

interface RawEntry {
  readonly cursor: ByteCursor;
  readonly address: number;
  /** Address of the common part; undefined for what is one itself. */
  readonly commonAddress: number | undefined;
}

/** `headerAddress` is that of .eh_frame_hdr, for pointers relative to it. Common parts are read once, the rest each time. */
export function createEntryReader(file: ElfFile, headerAddress: number | undefined): EntryReader {
  const commons = new Map<number, CommonFrame | undefined>();
  const bases = (bytesAddress: number): PointerBases => ({ bits: file.bits, bytesAddress, data: headerAddress });

  const readCommon = (address: number): CommonFrame | undefined => {
    if (commons.has(address)) return commons.get(address);
    if (commons.size >= maxCommon) return undefined;
    const raw = readRaw(file, address);
    const common = raw?.commonAddress === undefined && raw !== undefined ? parseCommon(raw, bases(address)) : undefined;
    commons.set(address, common);
    return common;
  };
  const parse = (raw: RawEntry): FrameEntry | undefined => {
    const common = raw.commonAddress === undefined ? undefined : readCommon(raw.commonAddress);
    return common && parseEntry(raw, common, bases(raw.address));
  };
  return {
    entryAt(address) {
      const raw = readRaw(file, address);
      return raw && parse(raw);
    },
    commonAt: readCommon,
  };
}

/** undefined at the end mark (length 0), for a 64-bit length (no linker writes one) and for what is not all there. */
function readRaw(file: ElfFile, address: number): RawEntry | undefined {
  const offset = offsetOfAddress(file, address);
  if (offset === undefined) return undefined;
  const length = createCursor(file.source.read(offset, 4), file.little).u32();
  if (length < 4 || length > maxEntryBytes) return undefined;
  const bytes = file.source.read(offset, 4 + length).slice();
  if (bytes.length < 4 + length) return undefined;
  const cursor = createCursor(bytes, file.little);
  cursor.u32();
  const distance = cursor.u32();
  return {
    cursor,
    address,
    commonAddress: distance === 0 ? undefined : address + 4 - distance,
  };
}

function parseCommon({ cursor }: RawEntry, bases: PointerBases): CommonFrame | undefined {
  const version = cursor.u8();
  if (version !== 1 && version !== 3) return undefined;
  const letters = readLetters(cursor);
  const [codeAlignment, dataAlignment] = [cursor.uleb(), cursor.sleb()];
  const returnRegister = version === 1 ? cursor.u8() : cursor.uleb();
  const augmentation = letters === undefined ? undefined : readAugmentation(cursor, letters, bases);
  if (augmentation === undefined || cursor.failed) return undefined;
  const instructions = cursor.take(cursor.length - cursor.position);
  return { codeAlignment, dataAlignment, returnRegister, ...augmentation, instructions };
}

function readLetters(cursor: ByteCursor): string | undefined {
  let letters = '';
  for (let byte = cursor.u8(); byte !== 0; byte = cursor.u8()) {
    if (letters.length === maxAugmentationLetters || cursor.failed) return undefined;
    letters += String.fromCharCode(byte);
  }
  return letters;
}

interface Augmentation {
  pointerEncoding: number;
  signalFrame: boolean;
  sized: boolean;
}

type Letter = (cursor: ByteCursor, found: Augmentation, bases: PointerBases) => boolean;

/** False where what follows cannot be understood. B and G (arm64 pointer and memory tagging) carry no data. */
const augmentationLetters: Readonly<Record<string, Letter>> = {
  R: (cursor, found) => {
    found.pointerEncoding = cursor.u8();
    return true;
  },
  L: (cursor) => {
    cursor.u8();
    return true;
  },
  P: (cursor, _, bases) => {
    const encoding = cursor.u8();
    return encoding === omittedPointer || readFormat(cursor, encoding, bases.bits) !== undefined;
  },
  S: (_, found) => {
    found.signalFrame = true;
    return true;
  },
  B: () => true,
  G: () => true,
};

function readAugmentation(cursor: ByteCursor, letters: string, bases: PointerBases): Augmentation | undefined {
  const found: Augmentation = { pointerEncoding: 0, signalFrame: false, sized: letters.startsWith('z') };
  if (letters === '') return found;
  if (!found.sized) return undefined;
  const bytes = cursor.uleb();
  const end = cursor.position + bytes;
  for (const letter of letters.slice(1)) {
    if (augmentationLetters[letter]?.(cursor, found, bases) !== true) return undefined;
  }
  if (cursor.position > end) return undefined;
  cursor.position = end;
  return found;
}

function parseEntry({ cursor }: RawEntry, common: CommonFrame, bases: PointerBases): FrameEntry | undefined {
  const start = readPointer(cursor, common.pointerEncoding, bases);
  const sizeBytes = readFormat(cursor, common.pointerEncoding, bases.bits);
  if (common.sized) cursor.take(cursor.uleb());
  if (start === undefined || sizeBytes === undefined || sizeBytes <= 0 || cursor.failed) return undefined;
  return { common, start, sizeBytes, instructions: cursor.take(cursor.length - cursor.position) };
}
