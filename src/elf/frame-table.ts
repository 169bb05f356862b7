import { createCursor } from './byte-cursor.ts';
import type { ElfFile } from './elf-file.ts';
import { omittedPointer, readFormat, readPointer } from './encoded-pointer.ts';
import { offsetOfAddress } from './file-address.ts';
import { createEntryReader, type FrameEntry } from './frame-entry.ts';
import { type ScannedFrames, scanFrames } from './frame-scan.ts';

export interface FrameTable {
  /** The entry of .eh_frame that covers an address of the file. */
  find(address: number): FrameEntry | undefined;
}

const frameHeaderSegment = 0x6474_e550;
/** version, three encodings, then .eh_frame's address and the count, at most eight bytes each. */
const maxHeaderBytes = 20;
/** DW_EH_PE_datarel | DW_EH_PE_sdata4: the one encoding a linker writes a search table in. */
const searchTableEncoding = 0x3b;
const pairBytes = 8;
const maxPairs = 2 ** 24;

/** By the search table of .eh_frame_hdr; without a usable one by an index that is made at the first question. */
export function createFrameTable(file: ElfFile): FrameTable {
  const header = readHeader(file);
  const reader = createEntryReader(file, header?.address);
  let scanned: ScannedFrames | undefined;
  const scan = (): ScannedFrames => {
    const frames = findFrames(file, header) ?? { address: 0, sizeBytes: 0 };
    return scanFrames(file, reader, frames, header?.address);
  };
  const entryBelow = (address: number): number | undefined => {
    if (header?.table !== undefined) return searchTable(file, header, address);
    scanned ??= scan();
    return scanned.entryBelow(address);
  };
  return {
    find(address) {
      const at = entryBelow(address);
      const entry = at === undefined ? undefined : reader.entryAt(at);
      return entry !== undefined && covers(entry, address) ? entry : undefined;
    },
  };
}

function covers(entry: FrameEntry, address: number): boolean {
  return address >= entry.start && address - entry.start < entry.sizeBytes;
}

interface FrameHeader {
  readonly address: number;
  readonly frames: number | undefined;
  readonly table: { readonly offset: number; readonly pairs: number } | undefined;
}

function readHeader(file: ElfFile): FrameHeader | undefined {
  const segment = file.segments.find(({ type }) => type === frameHeaderSegment);
  if (segment === undefined || segment.fileBytes < 4) return undefined;
  const bytes = file.source.read(segment.offset, Math.min(segment.fileBytes, maxHeaderBytes)).slice();
  const cursor = createCursor(bytes, file.little);
  const [version, framesEncoding, countEncoding, tableEncoding] = [cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8()];
  if (cursor.failed || version !== 1) return undefined;
  const bases = { bits: file.bits, bytesAddress: segment.address, data: segment.address };
  const frames = framesEncoding === omittedPointer ? undefined : readPointer(cursor, framesEncoding, bases);
  const count = countEncoding === omittedPointer ? undefined : readFormat(cursor, countEncoding, file.bits);
  const room = Math.floor((segment.fileBytes - cursor.position) / pairBytes);
  const usable = !cursor.failed && tableEncoding === searchTableEncoding && count !== undefined && count > 0;
  const table =
    usable && count <= room && count <= maxPairs
      ? { offset: segment.offset + cursor.position, pairs: count }
      : undefined;
  return { address: segment.address, frames, table };
}

type UsableHeader = Pick<FrameHeader, 'address' | 'table'>;

/** Address of the entry: pairs of start and entry, both relative to the header, sorted by start. */
function searchTable(file: ElfFile, { address: base, table }: UsableHeader, address: number): number | undefined {
  if (table === undefined) return undefined;
  const pairAt = (index: number) =>
    createCursor(file.source.read(table.offset + index * pairBytes, pairBytes), file.little);
  let [low, high] = [0, table.pairs];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = pairAt(middle);
    if (base + start.signed(4) <= address && !start.failed) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return undefined;
  const pair = pairAt(low - 1);
  pair.signed(4);
  return base + pair.signed(4);
}

/** Where .eh_frame is: what its section says, else from where the header points to the end of that segment. */
function findFrames(file: ElfFile, header: FrameHeader | undefined) {
  const section = file.sections().find(({ name }) => name === '.eh_frame');
  if (section !== undefined) return { address: section.address, sizeBytes: section.sizeBytes };
  const address = header?.frames;
  if (address === undefined || offsetOfAddress(file, address) === undefined) return undefined;
  const segment = file.segments.find(
    (one) => one.type === 1 && address >= one.address && address < one.address + one.fileBytes,
  );
  return segment && { address, sizeBytes: segment.address + segment.fileBytes - address };
}
