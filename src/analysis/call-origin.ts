import type { CallSite, CallSites, CodePlace, SiteProgram } from '../model/call-sites.ts';
import type { TargetFacts } from '../model/target.ts';
import { isGoClockFunction, isLibcClockFunction, isSyscallFunction } from './code-names.ts';

/**
 * What the place of the system call instruction says of an entry. 'vdso': the vDSO was called and fell back. 'libc': a
 * libc makes the call itself. 'loaded-libc': one does that a static executable has loaded, beside the one linked into it.
 * 'runtime': a language runtime does. 'direct': the program does, by its own instruction or
 * through libc's syscall(). 'unnamed': text without symbols, where libc, runtime and program cannot be told apart.
 */
export type CallOrigin = 'vdso' | 'vsyscall' | 'libc' | 'loaded-libc' | 'runtime' | 'direct' | 'unnamed' | 'unknown';

/** What the process of a call site runs: in a tree each its own, else the target. */
export function programsOf({ programs }: CallSites, target: TargetFacts): (site: CallSite) => SiteProgram {
  const own = programOf(target);
  return ({ program }) => (program === undefined ? own : (programs?.[program] ?? {}));
}

function programOf({ bits, linkage, libc, runtime }: TargetFacts): SiteProgram {
  return {
    ...('value' in bits && { bits: bits.value }),
    ...('value' in linkage && { linkage: linkage.value }),
    ...('value' in libc && { libc: libc.value.name }),
    ...('value' in runtime && { runtime: runtime.value.name }),
  };
}

/** `gnuOnly`: of the target's vDSO, in which some that look for it find nothing. */
export function originOf(site: CallSite, program: SiteProgram, gnuOnly = false): CallOrigin {
  if (site.fn.startsWith('vsyscall_')) return 'vsyscall';
  const code = codeOf(site, program);
  if (code === undefined) return 'unknown';
  // Of a library without symbols it cannot be told whether a runtime in it (Go's) looks for the vDSO and finds nothing.
  if (gnuOnly && code.kind === 'library' && code.symbol === undefined) return 'unnamed';
  return originOfCode(code, program);
}

/**
 * Of a 32-bit task every system call of libc has its instruction in [vdso] (`__kernel_vsyscall`): there the caller of
 * that says what the place says elsewhere, and a caller by frame pointer says nothing.
 */
function codeOf(site: CallSite, { bits }: SiteProgram): CodePlace | undefined {
  if (site.place.kind !== 'vdso' || bits === 64) return site.place;
  return bits === 32 && isTrusted(site) ? site.callers[0] : undefined;
}

/**
 * Memory that no file and no map of a JIT names: it may hold a copy of libc's or the vDSO's own code, which translators
 * (DynamoRIO, Pin) run in place of the code they copied, and unpackers (UPX) put there.
 */
export function mayBeCopied(site: CallSite, program: SiteProgram): boolean {
  const code = codeOf(site, program);
  return code?.kind === 'anonymous' && code.symbol === undefined;
}

/** Callers that were followed by unwinding or read where the call left its return address. */
export function isTrusted({ foundBy }: CallSite): boolean {
  return foundBy === 'unwinding' || foundBy === 'return-address';
}

function originOfCode(place: CodePlace, program: SiteProgram): CallOrigin {
  if (place.kind === 'libc') return isSyscallFunction(place) ? 'direct' : libcOf(program);
  if (place.kind === 'executable') return originInExecutable(place, program);
  if (place.kind === 'library') return isGoClockFunction(place) ? 'runtime' : 'direct';
  return kindOrigins[place.kind];
}

function libcOf({ linkage }: SiteProgram): CallOrigin {
  return linkage === 'static' ? 'loaded-libc' : 'libc';
}

const kindOrigins = { vdso: 'vdso', vsyscall: 'vsyscall', anonymous: 'direct', unknown: 'unknown' } as const;

/** Only a static executable holds a libc; one without any has no clock function but its own. */
function originInExecutable(place: CodePlace, { linkage, libc, runtime }: SiteProgram): CallOrigin {
  const mayHoldLibc = linkage !== 'dynamic' && libc !== 'none';
  if (isGoClockFunction(place)) return 'runtime';
  if (place.symbol === undefined) return mayHoldLibc || runtime === 'go' ? 'unnamed' : 'direct';
  return mayHoldLibc && isLibcClockFunction(place, libc) ? 'libc' : 'direct';
}
