import { noRoom } from '../capsule/no-room.ts';
import { exitCodes, UserError } from './user-error.ts';

const words: Readonly<Record<string, { readonly why: string; readonly exitCode: UserError['exitCode'] }>> = {
  ENOENT: { why: 'no such file or folder', exitCode: exitCodes.usage },
  EEXIST: { why: 'it is there already; give another name', exitCode: exitCodes.usage },
  EISDIR: { why: 'it is a folder', exitCode: exitCodes.usage },
  ENOTDIR: { why: 'a part of the path is no folder', exitCode: exitCodes.usage },
  EACCES: { why: 'permission denied', exitCode: exitCodes.permission },
  EPERM: { why: 'permission denied', exitCode: exitCodes.permission },
  EROFS: { why: 'the file system is read-only', exitCode: exitCodes.permission },
  EFBIG: { why: noRoom.EFBIG, exitCode: exitCodes.unsupported },
  ENOSPC: { why: noRoom.ENOSPC, exitCode: exitCodes.unsupported },
};

/** An error of the system about a file as one line; anything else as it is. */
export function systemError(error: unknown, what: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = words[code];
  if (known !== undefined) return new UserError(`${what}: ${known.why}`, known.exitCode);
  return /^E[A-Z]+$/.test(code) ? new UserError(`${what}: ${code}`, exitCodes.unsupported) : error;
}
