import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStruct, decodeStructs } from '../../native/struct-bytes.ts';
import { nativeLibrary } from '../../native.ts';
import { available, guarded, unavailable } from '../reading.ts';

/** Far more functions than any vDSO has (12 on x86-64 in 6.18); an image with more is refused. */
const capacity = 256;

/** VT_HASH_* of native/vdsotop.h. */
const hashTables = [
  { bit: 1, name: 'sysv' },
  { bit: 2, name: 'gnu' },
] as const;

/** The vDSO that the kernel mapped into our own process: 'absent' where it gave us none. */
export function readOwnVdso(): Reading<VdsoImage> {
  return guarded('reading our own vDSO', () => {
    const image = allocateStructs('vt_vdso_image');
    const symbols = allocateStructs('vt_vdso_symbol', capacity);
    const result = nativeLibrary().vt_vdso_own(image, symbols, capacity);
    if (result === -2) return unavailable('absent', 'AT_SYSINFO_EHDR of our own process is not set: no vDSO');
    if (result < 0) return unavailable('failed', `our own vDSO could not be parsed (${errnoName(result)})`);
    return available(toImage(image, symbols), 'own vDSO (AT_SYSINFO_EHDR)');
  });
}

/**
 * An image read from another process: `bytes` from its first byte on, `base` its address there (hexadecimal), `source`
 * where it was read. Nothing in it is believed.
 */
export function parseVdsoImage(bytes: Uint8Array, base: string, source: string): Reading<VdsoImage> {
  return guarded(`parsing ${source}`, () => {
    const image = allocateStructs('vt_vdso_image');
    const symbols = allocateStructs('vt_vdso_symbol', capacity);
    const result = nativeLibrary().vt_vdso_parse(bytes, bytes.length, image, symbols, capacity);
    if (result < 0) return unavailable('failed', `${source} is not a vDSO image (${errnoName(result)})`);
    return available({ ...toImage(image, symbols), base }, source);
  });
}

function toImage(imageBytes: Uint8Array, symbolBytes: Uint8Array): VdsoImage {
  const image = decodeStruct('vt_vdso_image', imageBytes);
  const buildId = Buffer.from(image.build_id.subarray(0, image.build_id_bytes)).toString('hex');
  return {
    base: image.base.toString(16),
    sizeBytes: image.size_bytes,
    buildId: buildId === '' ? undefined : buildId,
    hashTables: hashTables.filter(({ bit }) => (image.hash_tables & bit) !== 0).map(({ name }) => name),
    symbols: decodeStructs('vt_vdso_symbol', symbolBytes, image.symbol_count),
  };
}
