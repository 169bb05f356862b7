import { readFileSync } from 'node:fs';

/** Names of the users in /etc/passwd by uid; a directory service is not asked, so a uid may have no name here. */
export function readUserNames(): ReadonlyMap<number, string> {
  try {
    return parsePasswd(readFileSync('/etc/passwd', 'utf8'));
  } catch {
    return new Map();
  }
}

/** passwd(5): name, password, uid. */
function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name && uid && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}
