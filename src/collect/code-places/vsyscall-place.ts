import type { CodePlace } from '../../model/call-sites.ts';

/** VSYSCALL_ADDR of arch/x86/include/uapi/asm/vsyscall.h: one page, above what any process may map. */
const vsyscallPage = 0xffff_ffff_ff60_0000n;
const pageBytes = 4_096n;

/** The place of an address in the legacy vsyscall page; undefined for any other. */
export function vsyscallPlace(address: bigint): CodePlace | undefined {
  if (address < vsyscallPage || address >= vsyscallPage + pageBytes) return undefined;
  return { address: address.toString(16), kind: 'vsyscall', module: '[vsyscall]' };
}
