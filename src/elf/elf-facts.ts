import type { ByteSource } from './byte-source.ts';
import { readDynamicSection } from './dynamic-section.ts';
import { readElfFile } from './elf-file.ts';
import { isX32 } from './is-x32.ts';

/** What of an ELF file tells its width and how it gets its libc: elf(5). */
export interface ElfFacts {
  readonly bits: 32 | 64;
  readonly x32: boolean;
  /** ET_DYN: position independent, or a shared object. */
  readonly positionIndependent: boolean;
  readonly interpreter: boolean;
  /** Number of DT_NEEDED. */
  readonly librariesNeeded: number;
  /** DT_SONAME: it is a shared object, such as a loader that was started as a command. */
  readonly sharedObjectName: boolean;
  /** DF_1_PIE. */
  readonly markedPie: boolean;
}

const sharedType = 3;
const interpreterSegment = 3;
const flags1Tag = 0x6fff_fffb;
const pieFlag = 0x0800_0000;

/** undefined for what is no ELF file. Reads header, segments and the dynamic section, each bounded. */
export function readElfFacts(source: ByteSource): ElfFacts | undefined {
  const file = readElfFile(source);
  if (file === undefined) return undefined;
  const { entries, needed, soName } = readDynamicSection(file);
  return {
    bits: file.bits,
    x32: isX32(file.bits, file.machine),
    positionIndependent: file.type === sharedType,
    interpreter: file.segments.some(({ type }) => type === interpreterSegment),
    librariesNeeded: needed.length,
    sharedObjectName: soName !== undefined,
    markedPie: entries.some(({ tag, value }) => tag === flags1Tag && (value & pieFlag) !== 0),
  };
}
