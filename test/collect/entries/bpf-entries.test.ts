import { afterEach, describe, expect, it } from 'vitest';
import { readTracepoint } from '../../../src/collect/entries/tracepoints.ts';
import { allocateStructs, decodeStruct, encodeStructs } from '../../../src/native/struct-bytes.ts';
import { nativeLibrary } from '../../../src/native.ts';
import { value } from '../processes.ts';
import { enterInManyWays } from '../workloads.ts';

const native = nativeLibrary();
const none = { id: 0, argument_offset: 0, flags_offset: 0, flags_bytes: 0 };
const handle = allocateStructs('vt_entries');
const plan = { ns_device: 0, ns_inode: 0, tgid: process.pid, flags: 0, cpus: 2, keys: 16 };

function open(changes: Partial<typeof plan>): number {
  const { id } = value(readTracepoint('syscalls/sys_enter_clock_gettime'));
  const tracepoints = [{ ...none, id, argument_offset: 16 }, none, none, none, none, none, none];
  return native.vt_entries_open(
    encodeStructs('vt_entries_plan', [{ ...plan, ...changes }]),
    encodeStructs('vt_tracepoint', tracepoints),
    handle,
  );
}

afterEach(() => {
  native.vt_entries_close(handle);
});

describe('the native counter', () => {
  it('keeps every entry when there are more threads than it can tell apart', async () => {
    const { own, program } = await enterInManyWays('threads', 25, (tgid) => expect(open({ tgid })).toBe(0));
    const counts = new BigUint64Array(8 * 36);
    const threads = allocateStructs('vt_thread_entries', 64);
    const totals = allocateStructs('vt_entries_totals');
    expect(native.vt_entries_read(handle, counts, threads, 64, totals)).toBe(0);
    const { unattributed, thread_count } = decodeStruct('vt_entries_totals', totals);
    expect(Number(counts[4])).toBe(own['clock_gettime 4']);
    expect(unattributed).toBeGreaterThan(0);
    expect(thread_count).toBeGreaterThan(0);
    expect(thread_count).toBeLessThanOrEqual(64);
    await program.end();
  });

  it.each([
    ['no process', { tgid: 0 }],
    ['a table of no power of two', { keys: 100 }],
    ['no CPU', { cpus: 0 }],
  ])('refuses a plan for %s', (_, changes) => {
    expect(open(changes)).toBe(-22);
  });

  it('may be closed twice, and read no more', () => {
    expect(open({})).toBe(0);
    expect([native.vt_entries_close(handle), native.vt_entries_close(handle)]).toEqual([0, 0]);
    const counts = new BigUint64Array(8 * 36);
    const threads = allocateStructs('vt_thread_entries', 64);
    expect(native.vt_entries_read(handle, counts, threads, 64, allocateStructs('vt_entries_totals'))).toBe(-22);
  });
});
