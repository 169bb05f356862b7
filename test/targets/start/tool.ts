import { existsSync } from 'node:fs';

/** The first of these paths that is there; throws with the Debian package that has it. */
export function tool(debianPackage: string, ...paths: readonly string[]): string {
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${paths.join(' or ')}: apt-get install ${debianPackage}`);
  return found;
}
