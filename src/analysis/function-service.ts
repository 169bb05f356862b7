import type { EntryFunction } from '../model/clock-calls.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { hasVdsoFunction } from './has-vdso-function.ts';
import { isAtMost } from './kernel-version.ts';
import { isUnavailable, known, mapKnown, unavailable } from './known.ts';
import type { Prices } from './prices.ts';
import type { ServedClock, VdsoService } from './vdso-service.ts';

/**
 * Whether the vDSO of this host serves a function. gettimeofday reads the counter as REALTIME does; time and getcpu never
 * fall back where the symbol exists, but for symbols that are nothing else than the system call.
 */
export function functionService(
  { service, window, prices }: { readonly service: VdsoService; readonly window: Window; readonly prices: Prices },
  fn: EntryFunction,
  name: string,
): Known<ServedClock> {
  if (fn === 'clock_getres')
    return unavailable('unsupported', 'whether the vDSO answers clock_getres() depends on the clock it is asked about');
  const realtime = service(0);
  if (!isUnavailable(realtime) && realtime.vdsoNs === undefined) return { slot: 0, name, served: false };
  const image = known(window.last.host.ownVdso);
  if (isUnavailable(image)) return image;
  if (!hasVdsoFunction(image, fn)) return { slot: 0, name, served: false };
  if (fn !== 'time' && fn !== 'getcpu') return mapKnown(realtime, (clock) => ({ ...clock, name }));
  return { slot: 0, name, served: !isOnlyASyscall(window, fn) || isClearlyFaster(prices, fn) };
}

/**
 * Symbols behind which there is only the system call: arch/riscv/kernel/vdso/getcpu.S of every version read, and
 * arch/x86/um/vdso/um_vdso.c. Of arm64, loongarch, powerpc, s390 and x86 no other time function is one.
 */
function isOnlyASyscall({ last: { host } }: Window, fn: 'time' | 'getcpu'): boolean {
  if (fn === 'getcpu') return known(host.architecture) === 'riscv64';
  return known(host.foreignKernel) === 'uml';
}

/** A later kernel may do better than the source that was read: at half the price or less it made no system call. */
function isClearlyFaster(prices: Prices, fn: 'time' | 'getcpu'): boolean {
  const vdso = prices.unwatched({ call: fn, path: 'vdso' });
  const syscall = prices.unwatched({ call: fn, path: 'syscall' });
  return vdso !== undefined && syscall !== undefined && vdso.p50 <= syscall.p50 / 2;
}

/** Machines whose vDSO has time(): vdso.lds.S and vdso64.lds.S of each. */
const withTime: ReadonlySet<unknown> = new Set(['x86_64', 'ppc64', 'ppc64le']);
/** Those whose vDSO answers getcpu() in user space; that of riscv makes the system call, arm64 has none. */
const withGetcpu: ReadonlySet<unknown> = new Set(['x86_64', 'ppc64', 'ppc64le', 's390x', 'loongarch64']);

/**
 * Whether a healthy vDSO serves a function. Of clock_getres it depends on the clock, and on the libc: musl never asks the
 * vDSO. What goes by the legacy page could go by the vDSO.
 */
export function healthyServesFunction({ last }: Window, fn: EntryFunction): boolean {
  const machine = known(last.host.architecture);
  if (fn === 'clock_getres') return false;
  if (fn === 'time') return withTime.has(machine);
  if (fn !== 'getcpu') return true;
  return withGetcpu.has(machine) && !isWithoutGetcpu(last);
}

/** Of 32-bit programs on x86: in the source of 6.8, not in that of 6.2 (arch/x86/entry/vdso/vdso32/vdso32.lds.S). */
function isWithoutGetcpu({ target, host }: Window['last']): boolean {
  const release = known(host.kernelRelease);
  return known(target.bits) === 32 && !isUnavailable(release) && isAtMost(release, '6.7');
}
