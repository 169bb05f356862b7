import type { Evidence, Fix } from '../../model/findings.ts';
import { contradicts } from '../rule.ts';

export const comparedWithOurs = '/proc/PID/mem, compared with the vDSO of vdsotop itself';
const memoryOrPages = '/proc/PID/mem or /proc/PID/pagemap';

/**
 * What the places of entries prove of who makes them, they prove only while the vDSO is the kernel's: a patched one may
 * jump to any place (rr's does), or refuse a call, which musl then makes itself. Where it is not known whether it is
 * patched, they prove nothing for certain. `sure`: that such a place is hardly one that a patch leads to.
 */
export function unlessPatched(
  patched: boolean | undefined,
  placed: readonly Evidence[],
  sure = false,
): readonly Evidence[] {
  if (patched === false || placed.every(({ direction }) => direction === 'contradicts')) return placed;
  if (patched === undefined) return [...placed.map(lessDecisive), contradicts('weak', mayBePatched, memoryOrPages)];
  return [...(sure ? placed : placed.map(lessDecisive)), contradicts('strong', mayLeadThere, memoryOrPages)];
}

function lessDecisive(item: Evidence): Evidence {
  return item.direction === 'supports' && item.strength === 'decisive' ? { ...item, strength: 'strong' } : item;
}

const mayLeadThere =
  'something has written to the vDSO: a call that goes to it may be handed on and enter the kernel at such a place too';
const mayBePatched =
  'whether something has patched the vDSO could not be seen: from a patched one, calls may enter the kernel at such a place too';

export const runUnpatched: Fix = {
  command: 'find out what patched the vDSO of this process (a debugger, rr, CRIU), and run it without that',
  effect: 'what its libc asks of the vDSO is answered by the code that the kernel gave it',
  risk: 'what that tool was there for',
  reversible: true,
  wouldNotHelp: 'another clocksource, kernel or libc, or changing the program, where the patch hands its calls on',
};
