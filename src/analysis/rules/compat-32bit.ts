import { contradicts, type Rule, supports, targetRule } from '../rule.ts';

const compat32Bit = targetRule({
  id: 'compat-32bit',
  layer: 'libc',
  role: 'context',
  title: 'the target is a 32-bit process: it has another vDSO, and its syscalls pass the usual tracepoints unseen',
  needs: ['bits'],
  weigh: ({ bits }) =>
    bits === 32
      ? [supports('decisive', 'it is a 32-bit process', '/proc/PID/exe')]
      : [contradicts('decisive', 'it is a 64-bit process', '/proc/PID/exe')],
  reference: 'kernel/trace/trace_syscalls.c, ARCH_TRACE_IGNORE_COMPAT_SYSCALLS',
});

export const compat32BitRules: readonly Rule[] = [compat32Bit];
