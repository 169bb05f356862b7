/**
 * Where a clock id is counted. 0–31: the clock id itself. 32: CPU clock of a process by pid, 33: CPU clock of a thread
 * by tid, 34: clock of a file descriptor (PTP), 35: an id the kernel does not know. (Negative ids encode 32–34:
 * include/linux/posix-timers.h, CPUCLOCK_* and FD_TO_CLOCKID.) 36: clocks that the counter does not tell apart; perf
 * counters tell 0–9 and 11 apart, BPF tells all apart and never uses it.
 */
export type ClockSlot = number;

/** The ways a clock read enters the kernel. The legacy vsyscall page is emulated and fires no syscall tracepoint. */
export type EntryFunction =
  | 'clock_gettime'
  | 'clock_getres'
  | 'gettimeofday'
  | 'time'
  | 'getcpu'
  | 'vsyscall_gettimeofday'
  | 'vsyscall_time'
  | 'vsyscall_getcpu';
