import { isX32 } from '../../elf/is-x32.ts';

/** Of elf(5): e_ident begins with the magic number, EI_CLASS behind it; e_machine is little-endian where x32 is. */
const magic = Buffer.from('\u007fELF', 'latin1');
const bitsByClass = [undefined, 32, 64] as const;
const machineOffset = 18;

/** Word size of a program by the first 20 bytes of its file; undefined for what is no ELF file. */
export function bitsOfHeader(header: Buffer): 32 | 64 | 'x32' | undefined {
  if (!header.subarray(0, magic.length).equals(magic)) return undefined;
  const bits = bitsByClass[header[magic.length] ?? 0];
  return bits !== undefined && isX32(bits, header.readUInt16LE(machineOffset)) ? 'x32' : bits;
}
