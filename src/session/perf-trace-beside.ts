import { runPerfTrace } from '../collect/perf-trace.ts';
import type { PerfTraceResult } from '../model/perf-trace.ts';
import type { Known } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { reachingBack } from './reaching-back.ts';

/** Added to each traced call, measured on a hot loop (docs/benchmarks.md): perf trace streams two events a call. */
export const perfTraceNsPerCall = 30_000;
/** Above this rate perf trace takes more than half of the target's time. */
export const perfTraceSafeRate = 20_000;

/** Clock syscalls a second over the last snapshots, or undefined where they cannot be counted. */
export function tracedRate(snapshots: readonly Snapshot[]): number | undefined {
  const newest = reachingBack(snapshots, 2_000);
  const [first, last] = [newest[0], newest.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const before = tracedEntries(first);
  const after = tracedEntries(last);
  if (before === undefined || after === undefined) return undefined;
  return ((after - before) * 1_000) / (last.elapsedMs - first.elapsedMs);
}

/** What a perf trace of that length would do to the target, in words, from the rate just seen. */
export function perfTraceStall(snapshots: readonly Snapshot[], seconds: number): string {
  const rate = tracedRate(snapshots);
  if (rate === undefined) return `perf trace for ${seconds} s: the rate is not known, so the stall cannot be predicted`;
  const share = (rate * perfTraceNsPerCall) / 1e9;
  const stall = share < 1 ? `about ${Math.round(share * 1_000)} ms of each second` : 'most of its time';
  return `perf trace for ${seconds} s would cost the target ${stall} (${Math.round(rate)} calls/s × 30 µs)`;
}

/** Runs the real perf trace on the target while the exact counter goes on, and lays the two side by side. */
export async function measurePerfTrace(
  pid: number,
  seconds: number,
  sampleNow: () => Promise<void>,
  past: () => readonly Snapshot[],
): Promise<Known<PerfTraceResult>> {
  const before = tracedRate(past());
  await sampleNow();
  const start = past().at(-1);
  // Its pid may be another's by now.
  if (start?.ended === true) return { unavailable: 'absent', detail: 'the target has ended' };
  const trace = await runPerfTrace(pid, seconds);
  await sampleNow();
  const end = past().at(-1);
  if ('unavailable' in trace) return trace;
  const exact = difference(start, end);
  const elapsedMs = start && end ? end.elapsedMs - start.elapsedMs : 0;
  const cannotCount = { unavailable: 'absent', detail: 'no exact counter was armed beside perf trace' } as const;
  return {
    seconds: trace.value.seconds,
    perfTraceCalls: trace.value.calls,
    exactCalls: exact ?? cannotCount,
    exactSeconds: elapsedMs / 1_000,
    before: before ?? cannotCount,
    during: exact === undefined || elapsedMs <= 0 ? cannotCount : (exact * 1_000) / elapsedMs,
  };
}

function difference(start: Snapshot | undefined, end: Snapshot | undefined): number | undefined {
  const from = start && tracedEntries(start);
  const to = end && tracedEntries(end);
  return from === undefined || to === undefined ? undefined : to - from;
}

function tracedEntries(snapshot: Snapshot): number | undefined {
  if ('unavailable' in snapshot.entries) return undefined;
  return snapshot.entries.value.counts
    .filter(({ fn }) => fn === 'clock_gettime' || fn === 'gettimeofday')
    .reduce((sum, { count }) => sum + count, 0);
}
