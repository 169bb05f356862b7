import type { DebugLink } from '../../elf/debug-link.ts';

/** Where distributions install the symbols that they strip. */
const debugFolder = '/usr/lib/debug';
/** The shortest that any linker makes has eight bytes (`--build-id=fast`). */
const leastBuildId = 16;

/**
 * Where the symbols of a file may be, the likeliest first: by build id, then by the name in .gnu_debuglink, as GDB's manual has
 * it ("Debugging Information in Separate Files"). `file` is its path as /proc/PID/maps writes it.
 */
export function debugFilePaths(
  file: string,
  buildId: string | undefined,
  link: DebugLink | undefined,
): readonly string[] {
  const byId =
    buildId !== undefined && buildId.length >= leastBuildId
      ? [`${debugFolder}/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`]
      : [];
  if (link === undefined) return byId;
  const folder = file.slice(0, file.lastIndexOf('/'));
  const byLink = ['', '/.debug'].map((below) => `${folder}${below}/${link.fileName}`);
  return [...byId, ...byLink, `${debugFolder}${folder}/${link.fileName}`];
}
