import { readDynamicModule } from '../../elf/dynamic-module.ts';
import type { ElfFile } from '../../elf/elf-file.ts';
import { elfWords } from '../../elf/elf-words.ts';
import { fileByAddress } from '../../elf/read-bytes.ts';

const dynamicSegment = 2;
const maxDataBytes = 256;

/** The bytes of a variable that a file exports, as the file has them; undefined where it exports none of that name. */
export function exportedData(file: ElfFile, name: string): Buffer | undefined {
  const segment = file.segments.find(({ type }) => type === dynamicSegment);
  if (segment === undefined) return undefined;
  const read = fileByAddress(file);
  const words = elfWords(file.bits, file.little);
  const module = readDynamicModule({
    read,
    words,
    machine: file.machine,
    dynamic: segment.address,
    dynamicBytes: segment.fileBytes,
    base: 0,
  });
  const definition = module?.define(name)[0];
  if (definition === undefined) return undefined;
  return Buffer.from(read(definition.address, Math.min(definition.sizeBytes, maxDataBytes)));
}
