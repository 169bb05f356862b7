import { allocateStructs } from '../../native/struct-bytes.ts';
import { nativeLibrary } from '../../native.ts';
import { monotonicOffsetNs } from '../process/monotonic-offset.ts';
import { type CaughtCall, callSampleBytes, readCaughtCalls } from './caught-calls.ts';
import { fitBounds } from './fit-bounds.ts';
import type { RawCallSample } from './raw-call-sample.ts';

/** The events of one thread, as native/call-samples.h has them: kept open, armed for a moment at a time. */
export interface ThreadCalls {
  readonly tid: number;
  /**
   * Arms event i for at most `bounds[i]` samples, one of every `periods[i]` calls. The number armed, or a negative errno with
   * nothing armed.
   */
  arm(periods: readonly number[], bounds: readonly number[]): number;
  /** By event: the negative errno for which the last arming left it out, or 0. */
  errors(): readonly number[];
  /** To be called every now and then while armed: takes away what used up its bound, of which calls may be trapped on. */
  dropUsedUp(): void;
  disarm(): void;
  /** What was caught; copies of its calls are to be taken before any thread is asked again. */
  take(): ThreadMoment;
  close(): void;
}

/** What one arming of one thread gave. All times are of the host's CLOCK_MONOTONIC, as those of samples are. */
export interface ThreadMoment {
  readonly tid: number;
  readonly armedAtNs: bigint;
  readonly disarmedAtNs: bigint;
  /** By event: it was armed and looked to the end, it was armed and used up its bound, or it was not armed at all. */
  readonly events: readonly ('open' | 'used-up' | 'not-armed')[];
  readonly calls: readonly CaughtCall[];
  /** By event: until when calls may have been trapped. */
  readonly trappedUntilNs: readonly bigint[];
  /** By event: all calls while it was armed, whether they were caught or not. */
  readonly counts: readonly number[];
  readonly lost: number;
  /** The kernel held an event back, or a count could not be read: what was caught is not all there was. */
  readonly throttled: boolean;
}

/** A plan in C's bytes, and how many events it has. */
export interface CallPlan {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly side: RawCallSample['side'];
  /** Wanted; the kernel may grant less. */
  readonly ringBytes: number;
  readonly recordBytes: number;
}

/** No ring holds more records. */
const capacity = 400;
/** Offsets in struct vt_call_samples. */
const offsets = {
  armedAt: 8,
  disarmedAt: 16,
  counts: 152,
  droppedAt: 280,
  fds: 344,
  errors: 376,
  left: 408,
  ringBytes: 448,
} as const;
/** VT_CALL_EVENTS_MAX. */
const mostEvents = 8;

/** Answers a negative errno where the thread is gone or may not be looked at. */
export function openThreadCalls(plan: CallPlan, tid: number): ThreadCalls | number {
  const native = nativeLibrary();
  const handle = allocateStructs('vt_call_samples');
  const totals = allocateStructs('vt_call_totals');
  const result = native.vt_call_samples_open(tid, plan.ringBytes, handle);
  if (result < 0) return result;
  const view = new DataView(handle.buffer);
  const periodWords = new BigUint64Array(mostEvents).fill(1n);
  const boundWords = new Uint32Array(mostEvents);
  let closed = false;
  /** Since the arming: the count of an event could not be read and stands as 0, or one did not look on. */
  let isInDoubt = false;

  const hostTimeNs = (at: number) => view.getBigUint64(at, true) - monotonicOffsetNs();
  const hasDropped = (event: number) => view.getBigUint64(offsets.droppedAt + event * 8, true) !== 0n;
  const stateOf = (event: number) => {
    if ((boundWords[event] ?? 0) === 0) return 'not-armed';
    if (!hasDropped(event) && view.getInt32(offsets.fds + event * 4, true) < 0) return 'not-armed';
    return view.getUint32(offsets.left + event * 4, true) === 0 ? 'used-up' : 'open';
  };

  return {
    tid,
    arm(periods, bounds) {
      if (closed) return -1;
      const fitting = fitBounds(bounds, view.getUint32(offsets.ringBytes, true) / plan.recordBytes);
      for (let event = 0; event < plan.count; event += 1) {
        periodWords[event] = BigInt(periods[event] ?? 1);
        boundWords[event] = fitting[event] ?? 0;
      }
      isInDoubt = false;
      return native.vt_call_samples_arm(handle, plan.bytes, plan.count, periodWords, boundWords);
    },
    errors: () => Array.from({ length: plan.count }, (_, event) => view.getInt32(offsets.errors + event * 4, true)),
    dropUsedUp() {
      if (!closed && native.vt_call_samples_drop_used_up(handle) < 0) isInDoubt = true;
    },
    disarm() {
      if (!closed && native.vt_call_samples_disarm(handle) < 0) isInDoubt = true;
    },
    take() {
      const caught = scratch();
      const count = closed ? 0 : native.vt_call_samples_read(handle, plan.bytes, caught, capacity, totals);
      const words = new Uint32Array(totals.buffer);
      const disarmedAtNs = hostTimeNs(offsets.disarmedAt);
      const events = Array.from({ length: plan.count }, (_, event) => stateOf(event));
      const counts = events.map((_, event) => Number(view.getBigUint64(offsets.counts + event * 8, true)));
      // The four debug registers of the thread are a debugger's until the next window.
      if (plan.side === 'vdso' && !closed) native.vt_call_samples_release(handle);
      return {
        tid,
        armedAtNs: hostTimeNs(offsets.armedAt),
        disarmedAtNs,
        events,
        trappedUntilNs: events.map((_, event) =>
          hasDropped(event) ? hostTimeNs(offsets.droppedAt + event * 8) : disarmedAtNs,
        ),
        calls: readCaughtCalls(caught, count, tid, plan.side),
        counts,
        lost: words[0] ?? 0,
        throttled: (words[1] ?? 0) > 0 || isInDoubt,
      };
    },
    close() {
      if (closed) return;
      closed = true;
      native.vt_call_samples_close(handle);
    },
  };
}

let buffer: Uint8Array | undefined;

/** 880 kB, in use as far as ever filled, that all threads share, since each is read to the end before the next. */
function scratch(): Uint8Array {
  buffer ??= new Uint8Array(new ArrayBuffer(capacity * callSampleBytes));
  return buffer;
}
