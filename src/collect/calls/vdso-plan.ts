import type { EntryFunction } from '../../model/clock-calls.ts';
import { encodeCallPlan } from './call-plan.ts';
import type { CallPlan } from './thread-calls.ts';
import { vdsoBreakpoints } from './vdso-breakpoints.ts';
import type { VdsoToWatch } from './vdso-to-watch.ts';

/** Breakpoints on the functions of a vDSO where a process maps it. `functions`: by event. */
export interface VdsoPlan {
  readonly plan: CallPlan;
  readonly functions: readonly EntryFunction[];
}

/** Undefined where there is none of the functions to set one on. */
export function vdsoPlan(vdso: VdsoToWatch): VdsoPlan | undefined {
  if ('unavailable' in vdso) return undefined;
  const breakpoints = vdsoBreakpoints(vdso.base, vdso.symbols);
  if (breakpoints.length === 0) return undefined;
  return { plan: encodeCallPlan(breakpoints, 'vdso'), functions: breakpoints.map(({ fn }) => fn) };
}
