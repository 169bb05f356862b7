import type { CallSite, CodePlace, SiteProgram } from '../model/call-sites.ts';
import { isTrusted } from './call-origin.ts';
import {
  isGoClockFunction,
  isGoLibraryFunction,
  isGoSyscallFunction,
  isLibcClockFunction,
  isSyscallFunction,
} from './code-names.ts';

/** A call site, and what its process runs. */
export interface SiteOfProgram {
  readonly site: CallSite;
  readonly program: SiteProgram;
}

/** Who asked for a read, and through what it went. */
export interface SiteCaller {
  /** The first code outward that is not there to read clocks for others; undefined where it could not be followed. */
  readonly caller: CodePlace | undefined;
  /** What lies between it and the kernel or the vDSO, nearest to the caller first. */
  readonly through: readonly CodePlace[];
}

/** Callers by frame pointer may skip some: they are not followed here. */
export function callerOf({ site, program }: SiteOfProgram): SiteCaller {
  const frames = [site.place, ...(isTrusted(site) ? site.callers : [])];
  const index = frames.findIndex((place) => !servesOthers(place, program));
  const through = index < 0 ? frames : frames.slice(0, index);
  return { caller: frames[index], through: through.filter(({ kind }) => kind !== 'vdso').reverse() };
}

function servesOthers(place: CodePlace, { linkage, libc, runtime }: SiteProgram): boolean {
  if (place.kind === 'vdso' || place.kind === 'vsyscall' || place.kind === 'libc') return true;
  if (isGoClockFunction(place) || (runtime === 'go' && isOfGo(place))) return true;
  if (place.kind !== 'executable' || linkage === 'dynamic' || libc === 'none') return false;
  return isLibcClockFunction(place, libc) || isSyscallFunction(place);
}

function isOfGo(place: CodePlace): boolean {
  return isGoLibraryFunction(place) || isGoSyscallFunction(place);
}

/** 'ratelimit+0x3c in libfoo.so', '0x7f12ab34 in server', 'JIT code at 0x7f12ab34' */
export function placePhrase(place: CodePlace): string {
  const where = moduleName(place);
  if (place.kind === 'vsyscall') return 'the [vsyscall] page';
  if (place.symbol === undefined)
    return where === undefined ? `anonymous memory at 0x${place.address}` : `0x${place.address} in ${where}`;
  return `${nameWithOffset(place.symbol, place.offset)} in ${where ?? 'JIT code'}`;
}

/** 'clock_gettime in libc.so.6' */
export function functionPhrase(place: CodePlace): string {
  return placePhrase({ ...place, offset: 0 });
}

/** '/usr/lib/x86_64-linux-gnu/libc.so.6' → 'libc.so.6' */
function moduleName({ module }: CodePlace): string | undefined {
  return module === undefined ? undefined : module.slice(module.lastIndexOf('/') + 1) || module;
}

/** C++ and Go names can be long: their beginning says enough. */
const longestName = 60;

function nameWithOffset(symbol: string, offset = 0): string {
  const name = symbol.length <= longestName ? symbol : `${symbol.slice(0, longestName - 1)}…`;
  return offset === 0 ? name : `${name}+0x${offset.toString(16)}`;
}
