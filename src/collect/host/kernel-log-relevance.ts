/**
 * Words of the kernel's messages about the TSC, clocksources and what the vDSO makes of them (FACTS.md §4 and §5):
 * kernel/time/clocksource.c, kernel/sched/clock.c, arch/x86/kernel/tsc*.c, kvmclock.c, arch/x86/xen/time.c.
 */
const words = /\btscs?\b|clocksource|\bclock source\b|kvm-clock|kvmclock|pvclock|VDSO_CLOCKMODE|VCLOCK_|\bvdso\b/i;

/**
 * A line about a program begins with its name, which may be any text ('tsc[123]: segfault at …', /dev/kmsg writes what is
 * not ASCII of it as \xNN), or with its path ("process '/tmp/tsc' started with executable stack", fs/exec.c).
 */
const programName = /^(?:(?:traps: )?(?:\\x[0-9a-f]{2}|.){1,16}\[\d+\]|process ')/;

export function isAboutClocks(text: string): boolean {
  return words.test(text) && !programName.test(text);
}
