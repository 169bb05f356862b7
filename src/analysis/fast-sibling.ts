import type { EntryFunction } from '../model/clock-calls.ts';

/** The same reading through the vDSO: what goes by the legacy page is a part of all reads by that function. */
export function fastSibling(fn: EntryFunction): EntryFunction {
  return modern[fn] ?? fn;
}

const modern: { readonly [F in EntryFunction]?: EntryFunction } = {
  vsyscall_gettimeofday: 'gettimeofday',
  vsyscall_time: 'time',
  vsyscall_getcpu: 'getcpu',
};
