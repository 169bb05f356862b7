/**
 * Whether exec mapped a vDSO, by AT_SYSINFO_EHDR of the auxiliary vector: the kernel adds it only then
 * (ARCH_DLINFO of arch/x86/include/asm/elf.h). Undefined where the vector could not be read.
 */
export function givenAtExec(sysinfoEhdr: string | undefined): boolean | undefined {
  return sysinfoEhdr === undefined ? undefined : Number.parseInt(sysinfoEhdr, 16) > 0;
}
