import type { Basis } from './basis.ts';
import { isUnavailable, known, orElse } from './known.ts';

/**
 * What keeps calls of the target from the tracepoints: a call that a seccomp filter refuses, or that a tracer takes over,
 * has entered the kernel and is not counted by anybody (kernel/entry/common.c, syscall_trace_enter: both come first).
 */
export function entriesHiddenBy({ window: { last } }: Basis): 'seccomp filter' | 'tracer' | undefined {
  const { seccompMode, tracerPid } = last.target;
  const mode = known(seccompMode);
  if (!isUnavailable(mode) && mode !== 'none') return 'seccomp filter';
  return orElse(known(tracerPid), 0) > 0 ? 'tracer' : undefined;
}
