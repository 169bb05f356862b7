import type { TargetFacts } from '../model/target.ts';
import type { Basis } from './basis.ts';
import { isUnavailable, known, orElse } from './known.ts';

/**
 * What keeps calls of the target, or of a process of its tree, from the tracepoints: a call that a seccomp filter refuses,
 * or that a tracer takes over, has entered the kernel and is not counted by anybody (kernel/entry/common.c,
 * syscall_trace_enter: both come first).
 */
export function entriesHiddenBy({ window: { last } }: Basis): 'seccomp filter' | 'tracer' | undefined {
  const programs = [last.target, ...(last.tree?.programs ?? [])];
  if (programs.some(isFiltered)) return 'seccomp filter';
  return programs.some(({ tracerPid }) => orElse(known(tracerPid), 0) > 0) ? 'tracer' : undefined;
}

function isFiltered({ seccompMode }: Pick<TargetFacts, 'seccompMode'>): boolean {
  const mode = known(seccompMode);
  return !isUnavailable(mode) && mode !== 'none';
}
