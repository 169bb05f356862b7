import type { ClockRead } from '../clock-read.ts';
import { patchedVdso } from '../facts/patched-vdso.ts';
import { isUnavailable, known, orElse } from '../known.ts';
import { nsPhrase } from '../phrase.ts';
import { partOf } from '../sampled-reads.ts';
import { sampledOf } from './sampled-of.ts';
import type { Scene } from './scene.ts';

/** No rule accounts for it: what is excluded, and what is left, without a name for the cause. */
export function unexplained({ basis, sight }: Scene, read: ClockRead): string {
  const { served, fn, name } = read;
  const sampled = sampledOf(basis, name);
  if (sampled === undefined && !sight.is64Bit)
    return 'the target is not known to be a 64-bit process, and why it enters cannot be told of it';
  if (isUnavailable(served)) return `why cannot be told: ${served.detail}`;
  if (!served.served) return 'the vDSO of this host does not serve it, and no rule accounts for that';
  const price = served.vdsoNs === undefined ? '' : ` in ${nsPhrase(served.vdsoNs)}`;
  const serves = `this host's vDSO serves ${fn === 'clock_gettime' ? 'this clock' : 'it'}${price}`;
  const whether = patchedVdso(basis);
  const patched = orElse(whether, false);
  const whichVdso = `the target's vDSO${patched ? ', which something has written to,' : ''}`;
  if (partOf(sampled, 'vdso') > 0.5) return `${whichVdso} is called and enters the kernel, though ${serves}`;
  if (!sight.is64Bit) return 'why it enters cannot be told of a process that is not known to be a 64-bit one';
  if (patched) return `${serves}, but something has written to that of the target, which may hand its calls on`;
  // Its own code may hand every call on to the kernel, as that of a process under rr does.
  if (sampled === undefined && isUnavailable(whether)) return `${serves}; where it enters was not sampled`;
  const tracer = known(basis.window.last.target.tracerPid) === 0 ? '' : ', or by its tracer';
  const past = `the call is made past the vDSO by the program or its libc${tracer}`;
  return isUnavailable(whether)
    ? `${serves}; ${past}, unless something has patched that of the target, which could not be seen`
    : `${serves}, so ${past}`;
}
