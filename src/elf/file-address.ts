import type { ElfFile } from './elf-file.ts';

const loadedSegment = 1;

/** The address that a byte of the file is loaded at (before it is moved), for a file offset inside PT_LOAD. */
export function addressOfOffset(file: ElfFile, offset: number): number | undefined {
  const segment = file.segments.find((one) => one.type === loadedSegment && holds(one.offset, one.fileBytes, offset));
  return segment === undefined ? undefined : segment.address + (offset - segment.offset);
}

/** The file offset of an address, where a PT_LOAD segment brings it from the file. */
export function offsetOfAddress(file: ElfFile, address: number): number | undefined {
  const segment = file.segments.find((one) => one.type === loadedSegment && holds(one.address, one.fileBytes, address));
  return segment === undefined ? undefined : segment.offset + (address - segment.address);
}

function holds(start: number, size: number, at: number): boolean {
  return at >= start && at - start < size;
}
