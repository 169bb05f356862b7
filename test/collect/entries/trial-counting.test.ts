import { describe, expect, it } from 'vitest';
import { listPerfCounters } from '../../../src/collect/entries/perf-counters.ts';
import { readTracepoint } from '../../../src/collect/entries/tracepoints.ts';
import { tryBpfCounting } from '../../../src/collect/entries/try-bpf-counting.ts';
import { tryPerfCounting } from '../../../src/collect/entries/try-perf-counting.ts';
import { value } from '../processes.ts';

const none = { id: 0, argument_offset: 0, flags_offset: 0, flags_bytes: 0 };

/** A program or counter on the tracepoint of a call that is not made sees what one sees that is never run. */
const idOf = (event: string) => value(readTracepoint(`syscalls/sys_enter_${event}`)).id;

function bpfOn(event: string) {
  const tracepoints = [{ ...none, id: idOf(event), argument_offset: 16 }, ...Array<typeof none>(12).fill(none)];
  return tryBpfCounting(tracepoints, 2);
}

function perfOn(event: string) {
  const counters = value(listPerfCounters(false)).filter(({ fn }) => fn === 'clock_gettime');
  const others = counters.map(({ counter, ...rest }) => ({
    ...rest,
    counter: { ...counter, filter: '', tracepoint_id: idOf(event) },
  }));
  return tryPerfCounting(others);
}

describe('a counter tried on calls of our own', () => {
  it('is trusted when it counts them', () => {
    expect([bpfOn('clock_gettime'), perfOn('clock_gettime')]).toEqual([undefined, undefined]);
  });

  it('is none when it sees nothing of them: its 0 would be false', () => {
    const silent = { unavailable: 'unsupported', detail: expect.stringMatching(/ of 32 of our own none was counted$/) };
    expect([bpfOn('mlockall'), perfOn('mlockall')]).toEqual([silent, silent]);
  });
});
