import type { Unavailable } from '../../model/reading.ts';
import { allocateStructs, encodeStructs } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';
import { nativeLibrary } from '../../native.ts';
import { entriesPlan } from './entries-plan.ts';
import { entryFunctions, slotCount } from './entry-functions.ts';
import { readEntryIdentity } from './entry-identity.ts';
import { judgeTrialCalls } from './trial-calls.ts';

const keys = 16;

/**
 * Whether the kernel runs BPF programs on the first of these tracepoints at all, tried on calls of our own: it may have
 * been told to and not do it, as an emulated CPU that goes on with code from before (QEMU 7.2, arm64). A millisecond.
 */
export function tryBpfCounting(
  tracepoints: readonly StructOf<'vt_tracepoint'>[],
  cpus: number,
): Unavailable | undefined {
  const own = readEntryIdentity(process.pid);
  if ('unavailable' in own) return undefined;
  const native = nativeLibrary();
  const handle = allocateStructs('vt_entries');
  const plan = encodeStructs('vt_entries_plan', [{ ...entriesPlan(own.value, cpus, 0), keys }]);
  const first = tracepoints.map((tracepoint, at) => (at === 0 ? tracepoint : { ...tracepoint, id: 0 }));
  if (native.vt_entries_open(plan, encodeStructs('vt_tracepoint', first), handle) < 0) return undefined;
  const counts = new BigUint64Array(entryFunctions.length * slotCount);
  const threads = allocateStructs('vt_thread_entries', keys);
  const totals = allocateStructs('vt_entries_totals');
  const silent = judgeTrialCalls('BPF programs on tracepoints', () =>
    native.vt_entries_read(handle, counts, threads, keys, totals) < 0 ? undefined : sum(counts),
  );
  void native.async.vt_entries_close(handle).catch(() => undefined);
  return silent;
}

function sum(counts: BigUint64Array): number {
  return Number(counts.reduce((total, count) => total + count, 0n));
}
