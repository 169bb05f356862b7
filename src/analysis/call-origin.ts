import type { CallSite, CodePlace } from '../model/call-sites.ts';
import type { Libc, Runtime } from '../model/program.ts';
import type { TargetFacts } from '../model/target.ts';
import { isGoClockFunction, isLibcClockFunction, isSyscallFunction } from './code-names.ts';
import { known, orElse } from './known.ts';

/**
 * What the place of the system call instruction says of an entry. 'vdso': the vDSO was called and fell back. 'libc': a
 * libc makes the call itself. 'runtime': a language runtime does. 'direct': the program does, by its own instruction or
 * through libc's syscall(). 'unnamed': text without symbols, where libc, runtime and program cannot be told apart.
 */
export type CallOrigin = 'vdso' | 'vsyscall' | 'libc' | 'runtime' | 'direct' | 'unnamed' | 'unknown';

/** What must be known of a program to read its call sites; undefined where it is not. */
export interface Program {
  readonly bits: 32 | 64 | undefined;
  readonly linkage: 'static' | 'dynamic' | undefined;
  readonly libc: Libc['name'] | undefined;
  readonly runtime: Runtime['name'] | undefined;
}

export function programOf({ bits, linkage, libc, runtime }: TargetFacts): Program {
  return {
    bits: orElse(known(bits), undefined),
    linkage: orElse(known(linkage), undefined),
    libc: orElse(known(libc), undefined)?.name,
    runtime: orElse(known(runtime), undefined)?.name,
  };
}

/**
 * Of a 32-bit task every system call of libc has its instruction in [vdso] (`__kernel_vsyscall`): there the caller of
 * that says what the place says elsewhere, and a caller by frame pointer says nothing.
 */
export function originOf(site: CallSite, program: Program): CallOrigin {
  if (site.fn.startsWith('vsyscall_')) return 'vsyscall';
  if (site.place.kind !== 'vdso') return originOfCode(site.place, program);
  if (program.bits === 64) return 'vdso';
  const [caller] = site.callers;
  if (program.bits !== 32 || caller === undefined || !isTrusted(site)) return 'unknown';
  return originOfCode(caller, program);
}

/** Callers that were followed by unwinding or read where the call left its return address. */
export function isTrusted({ foundBy }: CallSite): boolean {
  return foundBy === 'unwinding' || foundBy === 'return-address';
}

function originOfCode(place: CodePlace, program: Program): CallOrigin {
  if (place.kind === 'libc') return isSyscallFunction(place) ? 'direct' : 'libc';
  if (place.kind === 'executable') return originInExecutable(place, program);
  if (place.kind === 'library') return isGoClockFunction(place) ? 'runtime' : 'direct';
  return kindOrigins[place.kind];
}

const kindOrigins = { vdso: 'vdso', vsyscall: 'vsyscall', anonymous: 'direct', unknown: 'unknown' } as const;

/** Only a static executable holds a libc; one without any has no clock function but its own. */
function originInExecutable(place: CodePlace, { linkage, libc, runtime }: Program): CallOrigin {
  const mayHoldLibc = linkage !== 'dynamic' && libc !== 'none';
  if (isGoClockFunction(place)) return 'runtime';
  if (place.symbol === undefined) return mayHoldLibc || runtime === 'go' ? 'unnamed' : 'direct';
  return mayHoldLibc && isLibcClockFunction(place, libc) ? 'libc' : 'direct';
}
