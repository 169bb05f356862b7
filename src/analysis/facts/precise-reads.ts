import type { Known } from '../../model/reading.ts';
import type { Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { clockEntry } from '../clock-table.ts';
import { mainlineServes } from '../kernel-version.ts';
import { isUnavailable, known } from '../known.ts';
import { type EnteredReads, enteredReads } from './entered-reads.ts';

/** Entries of clocks that are read from the hardware counter: those a clocksource decides about. */
export function preciseReads(basis: Basis): Known<EnteredReads> {
  return enteredReads(basis, (read) => isPrecise(read) && !lacksByVersion(basis, read));
}

function isPrecise({ fn, slot }: ClockRead): boolean {
  return fn === 'gettimeofday' || (fn === 'clock_gettime' && clockEntry(slot).kind === 'precise');
}

/** A clock that this kernel's vDSO does not know is not slow because of its clocksource. */
function lacksByVersion({ window }: Basis, { fn, slot }: ClockRead): boolean {
  const release = known(window.last.host.kernelRelease);
  const architecture = known(window.last.host.architecture);
  if (fn !== 'clock_gettime' || isUnavailable(release) || isUnavailable(architecture)) return false;
  return mainlineServes(clockEntry(slot), architecture, release) === false;
}
