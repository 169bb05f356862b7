import type { FileOwner } from '../capsule/create-private-file.ts';
import { originalEnvironment } from './original-environment.ts';

/**
 * Whom files are for when sudo made us root: a picture that its user cannot attach to a ticket is of no use.
 * Undefined for everybody else, whose files are theirs anyway. The variables are believed of root only.
 */
export function invokingUser(): FileOwner | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const [uid, gid] = [originalEnvironment.SUDO_UID, originalEnvironment.SUDO_GID].map(numberOf);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
