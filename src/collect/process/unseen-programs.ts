import { bitsOf } from './bits-of.ts';

/** A new process runs its parent's program at first: it is looked at when it comes, and this often again. */
const laterLooks = 3;

/** How many processes of a tree run a 32-bit program, which the tracepoints of single system calls do not see. */
export function createUnseenPrograms(): { add(pid: number): void; count(): number } {
  const looksLeft = new Map<number, number>();
  let found = 0;

  const look = (pid: number, left: number) => {
    const isUnseen = bitsOf(pid) === 32;
    if (isUnseen) found += 1;
    if (isUnseen || left === 0) looksLeft.delete(pid);
    else looksLeft.set(pid, left - 1);
  };

  return {
    add: (pid) => look(pid, laterLooks),
    count() {
      for (const [pid, left] of [...looksLeft]) look(pid, left);
      return found;
    },
  };
}
