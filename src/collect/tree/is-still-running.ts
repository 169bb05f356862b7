import { readProgramImage } from './program-image.ts';
import type { TreeMember } from './tree-members.ts';

/** Whether a process has run the very program that it is known by since it was first seen to. */
export function isStillRunning({ pid, image }: TreeMember): boolean {
  return readProgramImage(pid)?.stamp === image.stamp;
}
