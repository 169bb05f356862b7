import type { EntryFunction } from '../../model/clock-calls.ts';
import { encodeStructs } from '../../native/struct-bytes.ts';
import { entryFunctions } from '../entries/entry-functions.ts';
import type { RawCallSample } from './raw-call-sample.ts';
import type { CallPlan } from './thread-calls.ts';

/** Where to catch calls of one function: at an address of the target's vDSO, or at a tracepoint. */
export type CallEvent =
  | { readonly fn: EntryFunction; readonly address: number }
  | {
      readonly fn: EntryFunction;
      readonly tracepointId: number;
      readonly filter: string;
      readonly seesKernel: boolean;
    };

/** The caller of a vDSO function is on top of the stack; on the way into the kernel libc's frames lie between. */
const stackBytes = { vdso: 512, kernel: 1_024 } as const;

/** Room for what one moment may catch: 380 hits, or 100 entries. */
const ringBytes = { vdso: 262_144, kernel: 131_072 } as const;
/** Of a record without its stack (PERF_RECORD_SAMPLE with 15 registers, as on arm64). */
const recordBytes = 184;

/** At most eight events (VT_CALL_EVENTS_MAX). */
export function encodeCallPlan(events: readonly CallEvent[], side: RawCallSample['side']): CallPlan {
  const bytes = encodeStructs(
    'vt_call_event',
    events.map((event) => ({
      address: 'address' in event ? event.address : 0,
      tracepoint_id: 'address' in event ? 0 : event.tracepointId,
      fn: entryFunctions.indexOf(event.fn),
      sees_kernel: 'address' in event || !event.seesKernel ? 0 : 1,
      stack_bytes: stackBytes[side],
      filter: 'address' in event ? '' : event.filter,
    })),
  );
  const each = recordBytes + stackBytes[side];
  return { bytes, count: events.length, side, ringBytes: ringBytes[side], recordBytes: each };
}
