import type { TargetFacts } from '../model/target.ts';

/** Of a program that was read only as it began, and has ended: that it ran on no runtime is not known. */
export function withoutEarlyRuntime<F extends Pick<TargetFacts, 'runtime' | 'linkage'>>(facts: F): F {
  const { runtime, linkage } = facts;
  const isTold = !('value' in runtime) || runtime.value.name !== 'none';
  if (isTold || ('value' in linkage && linkage.value === 'static')) return facts;
  return {
    ...facts,
    runtime: { unavailable: 'absent', detail: 'it ended before its libraries may all have been loaded' },
  };
}
