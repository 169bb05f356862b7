import { nativeLibrary } from '../native.ts';
import { exitCodes, UserError } from './user-error.ts';

/** Loads the C library. Throws a UserError naming every path tried when it is not to be had. */
export function requireNativeLibrary(): void {
  try {
    nativeLibrary();
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), exitCodes.unsupported);
  }
}
