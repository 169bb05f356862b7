import type { EntryFunction, Reading } from '../model.ts';
import type { StructOf } from '../native.ts';
import { slotNotToldApart } from './entry-functions.ts';
import { available } from './reading.ts';
import { isAbsentFromKernel, readTracepoint } from './tracepoints.ts';

/** One counter that every thread gets, and what it counts. */
export interface PerfCounter {
  readonly fn: EntryFunction;
  readonly slot: number;
  readonly counter: StructOf<'vt_perf_counter'>;
}

/** The clocks worth a counter each: a counter more costs every counted call some 30 ns. */
const toldApart = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11];

/**
 * The argument register may hold anything above the 32 bits of a clock id, so a plain comparison misses calls. Filters
 * have no arithmetic but `&`, which is true when a bit remains (Documentation/trace/events.rst, "Event filtering").
 */
function isClock(id: number): string {
  const bits = [8, 4, 2, 1].filter((bit) => (id & bit) !== 0).map((bit) => `(which_clock & ${bit})`);
  const others = (0xffff_ffff - id).toString(16);
  return [`!(which_clock & 0x${others})`, ...bits].join(' && ');
}

/** 10, 12 to 15, and whatever has a higher bit. */
const isAnyOtherClock =
  '(which_clock & 0xfffffff0) || ((which_clock & 8) && ((which_clock & 4) || ((which_clock & 2) && !(which_clock & 1))))';

const everyCall = [{ slot: slotNotToldApart, filter: '' }];
const noClock = [{ slot: 0, filter: '' }];

/** An emulated vsyscall is no system call: its tracepoint fires in a page fault, so the kernel must not be left out. */
const vsyscalls = (['vsyscall_gettimeofday', 'vsyscall_time', 'vsyscall_getcpu'] as const).map((fn, nr) => ({
  event: 'vsyscall/emulate_vsyscall',
  fn,
  excludeKernel: 0,
  counts: [{ slot: 0, filter: `nr == ${nr}` }],
}));

const syscalls = [
  {
    fn: 'clock_gettime',
    counts: [
      ...toldApart.map((id) => ({ slot: id, filter: isClock(id) })),
      { slot: slotNotToldApart, filter: isAnyOtherClock },
    ],
  },
  { fn: 'clock_getres', counts: everyCall },
  { fn: 'gettimeofday', counts: noClock },
  { fn: 'time', counts: noClock },
  { fn: 'getcpu', counts: noClock },
] as const;

const sources = [
  ...syscalls.map(({ fn, counts }) => ({ event: `syscalls/sys_enter_${fn}`, fn, excludeKernel: 1, counts })),
  ...vsyscalls,
];

/** The counters that this kernel has tracepoints for. */
export function listPerfCounters(): Reading<readonly PerfCounter[]> {
  const counters: PerfCounter[] = [];
  for (const { event, fn, excludeKernel, counts } of sources) {
    const tracepoint = readTracepoint(event);
    if ('unavailable' in tracepoint) {
      if (fn === 'clock_gettime' || !isAbsentFromKernel(tracepoint)) return tracepoint;
      continue;
    }
    const { id } = tracepoint.value;
    for (const { slot, filter } of counts)
      counters.push({ fn, slot, counter: { tracepoint_id: id, exclude_kernel: excludeKernel, filter } });
  }
  return available(counters, 'tracefs');
}
