/** e_machine of elf(5). */
const machineX86 = 62;

/**
 * x32: code of x86-64 with pointers of 32 bits. Its system calls bear a number of their own (__X32_SYSCALL_BIT), fire no
 * syscalls:* tracepoint (in_32bit_syscall of arch/x86/include/asm/compat.h), and are none of i386's either.
 */
export function isX32(bits: 32 | 64, machine: number): boolean {
  return bits === 32 && machine === machineX86;
}
