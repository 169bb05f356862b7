import type { Unavailable } from '../../model/reading.ts';
import { unavailable } from '../reading.ts';

const named = 2;

/** Some processes hide their descriptors. More rights would show them, but to who has them all there is nothing to advise. */
export function whyHidden(hidden: readonly string[], ofProcesses: number, hasFullSight: boolean): Unavailable {
  const [count, show] = [hidden.length, hidden.length === 1 ? 'does not show its' : 'do not show their'];
  if (!hasFullSight)
    return unavailable(
      'denied',
      `${count} of ${ofProcesses} other processes ${show} file descriptors to us`,
      'sudo vdsotop (on the host, outside any container)',
    );
  const who = hidden.slice(0, named);
  const more = count > named ? ` and ${count - named} more` : '';
  return unavailable(
    'denied',
    `${who.join(', ')}${more} ${show} file descriptors, not even to root with CAP_SYS_PTRACE`,
  );
}
