import { readdirSync, readlinkSync } from 'node:fs';

/** What this process holds open: descriptors, and what their links in /proc/self/fd say. */
export function ownFiles(): readonly { readonly fd: number; readonly link: string }[] {
  return readdirSync('/proc/self/fd').map((fd) => ({ fd: Number(fd), link: linkOf(fd) }));
}

/** '' of the one that the list itself was read by. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
