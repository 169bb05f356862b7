/** The functions by which a program reads a clock through libc, 32-bit glibc's 64-bit ones among them. */
export const clockFunctions: readonly string[] = [
  'clock_gettime',
  'gettimeofday',
  'time',
  'clock_getres',
  'getcpu',
  'sched_getcpu',
  'timespec_get',
  '__clock_gettime64',
  '__gettimeofday64',
  '__time64',
  '__clock_getres64',
];
