/* The loops whose turns are timed: nothing in them but the call. */
#include "sampler-job.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc has it since 2.29, musl not at all. */
extern int libc_getcpu(unsigned *, unsigned *) __asm__("getcpu") __attribute__((weak));

/*
 * `own` is a copy, so that the compiler may keep it in registers; `room` takes whatever the call writes. Aligned, so that
 * what is changed elsewhere does not change prices: a loop that lies across two cache lines takes a cycle more a turn.
 */
#define DEFINE_LOOP(name, expression)                                                                                  \
	__attribute__((aligned(64))) long name(const struct job *job, uint32_t calls)                                  \
	{                                                                                                              \
		const struct job own = *job;                                                                           \
		struct {                                                                                               \
			struct timespec timespec;                                                                      \
			struct timeval timeval;                                                                        \
			unsigned cpu, node;                                                                            \
		} room;                                                                                                \
		long last = 0;                                                                                         \
		for (uint32_t i = 0; i < calls; i++)                                                                   \
			last = (long)(expression);                                                                     \
		(void)own, (void)room;                                                                                 \
		return last;                                                                                           \
	}

/* By name, through the library's PLT, as programs call libc. */
DEFINE_LOOP(loop_libc_clock, clock_gettime(own.clock_id, &room.timespec))
DEFINE_LOOP(loop_libc_resolution, clock_getres(own.clock_id, &room.timespec))
DEFINE_LOOP(loop_libc_timeofday, gettimeofday(&room.timeval, NULL))
DEFINE_LOOP(loop_libc_time, time(NULL))
DEFINE_LOOP(loop_libc_cpu, libc_getcpu(&room.cpu, &room.node))

/* By address: the vDSO and the vsyscall page; clock_getres has the type of clock_gettime. */
DEFINE_LOOP(loop_direct_clock, own.to.clock(own.clock_id, &room.timespec))
DEFINE_LOOP(loop_direct_timeofday, own.to.timeofday(&room.timeval, NULL))
DEFINE_LOOP(loop_direct_time, own.to.time(NULL))
DEFINE_LOOP(loop_direct_cpu, own.to.getcpu(&room.cpu, &room.node, NULL))

/* By syscall(2). */
DEFINE_LOOP(loop_syscall_clock, syscall(own.number, own.clock_id, &room.timespec))
DEFINE_LOOP(loop_syscall_timeofday, syscall(own.number, &room.timeval, NULL))
DEFINE_LOOP(loop_syscall_time, syscall(own.number, NULL))
DEFINE_LOOP(loop_syscall_cpu, syscall(own.number, &room.cpu, &room.node, NULL))
DEFINE_LOOP(loop_syscall_null, syscall(own.number, SCHED_OTHER))

/* Ordered, as the vDSO reads it: arch/x86/include/asm/msr.h rdtsc_ordered, arch/arm64 __arch_counter_get_cntvct. */
#if defined(__x86_64__) || defined(__i386__)
#define HAS_COUNTER 1
#define READ_COUNTER(to) __asm__ volatile("lfence\n\trdtsc" : "=a"(to)::"edx", "memory")
#elif defined(__aarch64__)
#define HAS_COUNTER 1
#define READ_COUNTER(to) __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(to)::"memory")
#else
#define HAS_COUNTER 0
#define READ_COUNTER(to) (void)(to)
#endif

long loop_counter(const struct job *job, uint32_t calls)
{
	unsigned long ticks = 0;

	(void)job, (void)ticks;
	for (uint32_t i = 0; i < calls; i++)
		READ_COUNTER(ticks);
	return 0;
}

long loop_empty(const struct job *job, uint32_t calls)
{
	(void)job;
	for (uint32_t i = 0; i < calls; i++)
		__asm__ volatile("" ::: "memory");
	return 0;
}

bool has_libc_getcpu(void)
{
	return libc_getcpu != NULL;
}

bool can_read_counter(void)
{
	return HAS_COUNTER;
}
