import type { Known } from '../../model/reading.ts';
import { allReads, type Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { isUnavailable } from '../known.ts';
import { isServedHere } from '../served-here.ts';
import { type EnteredReads, enteredReads } from './entered-reads.ts';
import { hasEntered } from './has-entered.ts';

/** Entries of everything that a healthy vDSO serves. */
export function sparedReads(basis: Basis): Known<EnteredReads> {
  return enteredReads(basis, isSpared);
}

/** Entries of everything that this host's vDSO serves, as measured. */
export function sparedHere(basis: Basis): Known<EnteredReads> {
  const entering = allReads(basis).filter((read) => isSpared(read) && hasEntered(read));
  const untimed = entering.map(({ served }) => served).find(isUnavailable);
  return untimed ?? enteredReads(basis, (read) => isSpared(read) && isServedHere(read.served));
}

/** getcpu counts too: a vDSO spares it as well. Legacy vsyscalls enter whatever the vDSO does. */
function isSpared({ fn, healthyServes }: ClockRead): boolean {
  return healthyServes && !fn.startsWith('vsyscall_');
}
