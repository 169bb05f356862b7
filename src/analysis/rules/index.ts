import type { Rule } from '../rule.ts';
import { clockIdRules } from './clock-id.ts';
import { clocksourceRules } from './clocksource.ts';
import { clocksourceHistoryRules } from './clocksource-history.ts';
import { compat32BitRules } from './compat-32bit.ts';
import { directSyscallRules } from './direct-syscall.ts';
import { fastButHotRules } from './fast-but-hot.ts';
import { kernelRules } from './kernel.ts';
import { machineRules } from './machine.ts';
import { programRules } from './program.ts';
import { programContextRules } from './program-context.ts';
import { runtimeRules } from './runtime.ts';
import { sharedLibcRules } from './shared-libc.ts';
import { staticLibcRules } from './static-libc.ts';
import { mitigationRules } from './syscall-mitigations.ts';
import { vdsoRules } from './vdso.ts';

/** Every rule, in the order in which equal findings are told: what the clock id decides comes first. */
export const rules: readonly Rule[] = [
  ...clockIdRules,
  ...vdsoRules,
  ...clocksourceRules,
  ...programRules,
  ...directSyscallRules,
  ...runtimeRules,
  ...staticLibcRules,
  ...sharedLibcRules,
  ...compat32BitRules,
  ...fastButHotRules,
  ...programContextRules,
  ...machineRules,
  ...kernelRules,
  ...mitigationRules,
  ...clocksourceHistoryRules,
];
