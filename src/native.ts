/**
 * The only door to the C library (native/*.h is the contract). Every function takes numbers and caller-owned bytes and
 * answers 0 or a count, or a negative errno; nothing here judges. To add a function: one line in native-functions.ts,
 * one in prototypes.ts; to add a struct: one entry in structs.ts.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadNativeLibrary, type NativeLibrary } from './native/load-native-library.ts';

let loaded: NativeLibrary | undefined;

/** The C library, loaded at the first call. Throws one Error naming every path tried, each with its reason. */
export function nativeLibrary(): NativeLibrary {
  loaded ??= loadNativeLibrary(candidatePaths(process.env.VDSOTOP_NATIVE));
  return loaded;
}

/** The bundle (dist/cli.js) has the library beside it, the sources have it in ../dist; an override stands alone. */
function candidatePaths(override: string | undefined): readonly string[] {
  if (override !== undefined && override !== '') return [override];
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, 'libvdsotop.so'), join(here, '..', 'dist', 'libvdsotop.so')];
}
