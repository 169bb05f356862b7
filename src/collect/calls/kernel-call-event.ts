import type { EntryFunction } from '../../model/clock-calls.ts';
import type { EntryCount } from '../../model/entries.ts';
import type { Reading } from '../../model/reading.ts';
import { clockFilter, clocksToldApart } from '../entries/clock-filter.ts';
import { slotNotToldApart } from '../entries/entry-functions.ts';
import { readTracepoint } from '../entries/tracepoints.ts';
import { mapReading, unavailable } from '../reading.ts';
import type { CallEvent } from './call-plan.ts';

/**
 * Numbers of 32-bit calls (arch/x86/entry/syscalls/syscall_32.tbl), whose own tracepoints never fire on a 64-bit kernel. Those
 * with a 64-bit time are of Linux 5.1.
 */
const compatNumbers: Partial<Record<EntryFunction, readonly number[]>> = {
  clock_gettime: [265, 403],
  clock_getres: [266, 406],
  gettimeofday: [78],
  time: [13],
  getcpu: [318],
};

/** Which samples of entries belong together: each clock that filters tell apart, the others of a function as one. */
export function kernelCallGroup(bits: 32 | 64, { fn, slot }: Pick<EntryCount, 'fn' | 'slot'>): string {
  if (fn.startsWith('vsyscall_')) return 'vsyscall';
  if (bits === 32 || !takesClock(fn)) return fn;
  return `${fn} ${clocksToldApart.includes(slot) ? slot : 'other'}`;
}

/** Where entries of that function and clock can be caught. */
export function kernelCallEvent(bits: 32 | 64, { fn, slot }: Pick<EntryCount, 'fn' | 'slot'>): Reading<CallEvent> {
  if (fn.startsWith('vsyscall_')) return at('vsyscall/emulate_vsyscall', fn, '', true);
  if (bits === 64) return at(`syscalls/sys_enter_${fn}`, fn, filterOf(fn, slot), false);
  const numbers = compatNumbers[fn];
  if (process.arch !== 'x64' || numbers === undefined)
    return unavailable('unsupported', `entries of 32-bit programs are not sampled on ${process.arch}`);
  return at('raw_syscalls/sys_enter', fn, numbers.map((number) => `id == ${number}`).join(' || '), true);
}

/** perf counters tell no clocks of clock_getres apart. */
function filterOf(fn: EntryFunction, slot: number): string {
  if (!takesClock(fn) || (fn === 'clock_getres' && slot === slotNotToldApart)) return '';
  return clockFilter(slot);
}

function takesClock(fn: EntryFunction): boolean {
  return fn === 'clock_gettime' || fn === 'clock_getres';
}

/** `seesKernel`: tracepoints but those of syscalls/ are at an instruction of the kernel, which must not be left out then. */
function at(event: string, fn: EntryFunction, filter: string, seesKernel: boolean): Reading<CallEvent> {
  return mapReading(readTracepoint(event), ({ id }) => ({ fn, tracepointId: id, filter, seesKernel }));
}
