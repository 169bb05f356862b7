import type { Evidence } from '../../model/findings.ts';
import { contradicts, supports } from '../rule.ts';
import { offParameter, switchEvidence, type VdsoSwitch } from './vdso-switch.ts';

const auxv = '/proc/PID/auxv';
const gaveNone = 'exec gave the target none: its vector has no AT_SYSINFO_EHDR';

/** Whether the kernel gave a 32-bit target no vDSO. `given`: whether it did at exec, where the vector could be read. */
export function compatDisabled(given: boolean | undefined, host: VdsoSwitch): readonly Evidence[] {
  if (given) return [contradicts('decisive', 'exec gave the target one: its vector has AT_SYSINFO_EHDR', auxv)];
  return [...(given === false ? [supports('decisive', gaveNone, auxv)] : []), ...switchEvidence(host)];
}

/**
 * Whether a 32-bit target without [vdso] was given one. vdsotop is a 64-bit process: that it has a vDSO says nothing of
 * what 32-bit programs are given.
 */
export function compatUnmapped(given: boolean | undefined, host: VdsoSwitch): readonly Evidence[] {
  if (given === true) return [supports('decisive', 'exec gave it a vDSO, and it has no [vdso] now', '/proc/PID/maps')];
  if (given === false) return [contradicts('decisive', gaveNone, auxv)];
  if (host.compatNow !== true)
    return switchEvidence(host).map(({ strength, seen, where }) => contradicts(strength, seen, where));
  const usual = 'it has no [vdso]; 32-bit programs that are started now get one (abi.vsyscall32 is 1)';
  return [supports(offParameter(host) === undefined ? 'strong' : 'weak', usual, '/proc/PID/maps')];
}
