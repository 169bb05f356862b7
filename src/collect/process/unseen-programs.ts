import { bitsOf } from './bits-of.ts';

/** A new process runs its parent's program at first: it is looked at when it comes, and this often again. */
const laterLooks = 3;

/** How many processes of a tree run a program whose entries a counter does not see: x32, or 32 bits of any kind. */
export function createUnseenPrograms(kind: 'x32' | '32-bit'): { add(pid: number): void; count(): number } {
  const looksLeft = new Map<number, number>();
  let found = 0;

  const look = (pid: number, left: number) => {
    const bits = bitsOf(pid);
    const isUnseen = bits === 'x32' || (bits === 32 && kind === '32-bit');
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
