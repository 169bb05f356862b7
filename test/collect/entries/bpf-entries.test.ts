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

/** VT_TP_COUNT. */
const tracepointCount = 13;
/** VT_TP_NEWTASK. */
const newtaskAt = 6;
/** VT_ENTRIES_TREE. */
const tree = 2;

function open(changes: Partial<typeof plan>): number {
  const { id } = value(readTracepoint('syscalls/sys_enter_clock_gettime'));
  const newtask = value(readTracepoint('task/task_newtask'));
  const fieldAt = (name: string) => newtask.fields.get(name) ?? { offset: 0, sizeBytes: 0 };
  const tracepoints = Array.from({ length: tracepointCount }, () => none);
  tracepoints[0] = { ...none, id, argument_offset: 16 };
  tracepoints[newtaskAt] = {
    id: newtask.id,
    argument_offset: fieldAt('pid').offset,
    flags_offset: fieldAt('clone_flags').offset,
    flags_bytes: fieldAt('clone_flags').sizeBytes,
  };
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
    const { unattributed, thread_count, started } = decodeStruct('vt_entries_totals', totals);
    expect(started).toBe(200);
    expect(Number(counts[4])).toBe(own['clock_gettime 4']);
    expect(unattributed).toBeGreaterThan(0);
    expect(thread_count).toBeGreaterThan(0);
    expect(thread_count).toBeLessThanOrEqual(64);
    await program.end();
  });

  it('has room for every process that there can be, and counts the children of the last one', async () => {
    const watched: number[] = [];
    const { own, child, program } = await enterInManyWays('forks', 50, (tgid) => {
      expect(open({ flags: tree, keys: 8_192 })).toBe(0);
      for (let other = 2 ** 22 - 1; watched.length < 20_000; other -= 1)
        watched.push(native.vt_entries_watch(handle, other));
      watched.push(native.vt_entries_watch(handle, tgid));
    });
    expect(new Set(watched)).toEqual(new Set([0]));
    const counts = new BigUint64Array(8 * 36);
    const threads = allocateStructs('vt_thread_entries', 1_024);
    const totals = allocateStructs('vt_entries_totals');
    expect(native.vt_entries_read(handle, counts, threads, 1_024, totals)).toBe(0);
    expect(decodeStruct('vt_entries_totals', totals).started).toBe(20 * 3);
    const clockGettime = Object.entries({ ...own, ...child }).filter(([name]) => name.startsWith('clock_gettime '));
    expect(clockGettime.length).toBeGreaterThan(0);
    for (const [name, count] of clockGettime) expect(Number(counts[Number(name.split(' ')[1])])).toBe(count);
    await program.end();
  });

  it('watches no process twice, and none with a number that cannot be', () => {
    expect(open({ flags: tree })).toBe(0);
    const { vt_entries_watch: watch, vt_entries_unwatch: unwatch } = native;
    expect([watch(handle, 4_711), watch(handle, 4_711), watch(handle, 4_712)]).toEqual([0, 1, 0]);
    expect([unwatch(handle, 4_711), unwatch(handle, 4_711), watch(handle, 4_711)]).toEqual([1, 0, 0]);
    expect([watch(handle, 2 ** 22 - 1), watch(handle, 2 ** 22)]).toEqual([0, -22]);
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
