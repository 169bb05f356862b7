/**
 * Names of the sampled registers, in the order of their numbers in the kernel (arch/x86/include/uapi/asm/perf_regs.h and its
 * arm64 twin): REGISTERS of native/user-frames.h.
 */
export const callRegisters: readonly string[] =
  process.arch === 'arm64'
    ? ['x0', ...Array.from({ length: 12 }, (_, at) => `x${19 + at}`), 'sp', 'pc']
    : ['bx', 'si', 'di', 'bp', 'sp', 'ip', 'cs', 'r10', 'r12', 'r13', 'r14', 'r15'];
