import type { KernelLogLine } from '../../model/host.ts';

/**
 * Kernel 5.4 to 7.3: kernel/time/clocksource.c, arch/x86/kernel/tsc.c and tsc_sync.c, kernel/sched/clock.c. From their first
 * word on: further inside, a line of the kernel's may hold what a program, a file or a device calls itself.
 */
const unstableLines: readonly RegExp[] = [
  /^(tsc: )?Marking TSC unstable due to/,
  /^clocksource: (timekeeping watchdog on CPU\d+: )?Marking clocksource '?tsc(-early)?'? (as )?unstable/,
  /^clocksource: timekeeping watchdog on CPU\d+: (tsc(-early)? read-back .*, marking|.*, marking tsc(-early)?) unstable/,
  /^TSC found unstable after boot/,
  /^(tsc: )?Measured \d+ cycles TSC warp between CPUs/,
];

/** The line by which the kernel says that it marked the TSC unstable, which it takes back for no reason until the next boot. */
export function unstableTscLine(log: readonly KernelLogLine[] | undefined): KernelLogLine | undefined {
  return log?.find(({ text }) => unstableLines.some((pattern) => pattern.test(text)));
}
