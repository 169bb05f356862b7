/*
 * A loop of clock_gettime(CLOCK_MONOTONIC) through libc that says how fast the machine was meanwhile, for a benchmark:
 *
 *   twinned-loop CPU
 *
 * Each line of input is MS: calls for so many milliseconds, answered by "CALLS WALL_NS CPU_NS TWIN_NS".
 *
 * Between any two batches of calls runs a short batch of a twin: a function of this program that does the same work
 * on a page that never changes, and that no breakpoint and no probe is for. TWIN_NS is the time of one call of it,
 * the mean of the middle half of the batches. What interrupts the loop now and then makes a few batches longer, which
 * are not in that half; a machine that is slower for a while takes calls and twin alike. (A median would be as
 * sturdy, but counters may advance 20 ns at once, and it would jump by as much.) It is 0 on architectures for which
 * there is no twin.
 *
 * WALL_NS is of the calls alone. CPU_NS is the part of it for which the loop had its CPU, which is taken to be the same
 * as for calls and twin together: to ask the kernel before and after each batch would be most of the work.
 */
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

/* The twin takes about a ninth of the time; the latest of its batches are kept, some two seconds of them. */
enum { CALLS_IN_BATCH = 1024, TWINS_IN_BATCH = 128, BATCHES_KEPT = 1 << 16, USAGE = 2 };

#if defined(__x86_64__)
enum { HAS_TWIN = 1 };

static inline uint64_t counter(void)
{
	unsigned cpu;
	return __rdtscp(&cpu);
}
#elif defined(__aarch64__)
enum { HAS_TWIN = 1 };

static inline uint64_t counter(void)
{
	uint64_t ticks;
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}
#else
enum { HAS_TWIN = 0 };

static inline uint64_t counter(void)
{
	return 0;
}
#endif

/* Volatile, so that every call reads it, as it must of a page that the kernel writes. */
static volatile struct {
	uint32_t sequence, mode, multiplier, shift;
	/* Of the counter, few bits are left: nothing moves the page on, and a second must not become many. */
	uint64_t start, mask, seconds, fraction;
} page = { .mode = 1, .multiplier = 1u << 22, .shift = 22, .mask = 0xffff, .seconds = 1 };

static const unsigned clocks_known = 1u << CLOCK_REALTIME | 1u << CLOCK_MONOTONIC;

/* As the vDSO's own function. */
__attribute__((noipa)) static int twin_of_vdso(clockid_t clock, struct timespec *now)
{
	uint32_t sequence, whole = 0;
	uint64_t seconds, ns;
	if ((unsigned)clock >= 16 || (clocks_known >> clock & 1) == 0)
		return -1;
	do {
		while ((sequence = page.sequence) & 1)
			;
		if (page.mode == 0)
			return -1;
		const uint64_t ticks = (counter() - page.start) & page.mask;
		ns = (page.fraction + ticks * page.multiplier) >> page.shift;
		seconds = page.seconds;
	} while (sequence != page.sequence);
	for (; ns >= 1000000000; ns -= 1000000000, whole++)
		__asm__("" : "+r"(ns)); /* Else it becomes a division. */
	now->tv_sec = (time_t)(seconds + whole);
	now->tv_nsec = (long)ns;
	return 0;
}

static int (*volatile bound_twin)(clockid_t, struct timespec *) = twin_of_vdso;

/* As libc's, which calls what it has found in the vDSO. */
__attribute__((noipa)) static int twin_of_libc(clockid_t clock, struct timespec *now)
{
	return bound_twin(clock, now) == 0 ? 0 : -1;
}

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void call_batch(void)
{
	struct timespec now;
	for (int i = 0; i < CALLS_IN_BATCH; i++)
		clock_gettime(CLOCK_MONOTONIC, &now);
}

static void twin_batch(void)
{
	struct timespec now;
	for (int i = 0; i < TWINS_IN_BATCH; i++)
		twin_of_libc(CLOCK_MONOTONIC, &now);
}

static int by_size(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

static double mean_of_middle_half(uint32_t *values, size_t count)
{
	const size_t cut = count / 4;
	uint64_t sum = 0;
	qsort(values, count, sizeof *values, by_size);
	for (size_t i = cut; i < count - cut; i++)
		sum += values[i];
	return (double)sum / (double)(count - 2 * cut);
}

static void run(uint64_t ms)
{
	static uint32_t twin_ns[BATCHES_KEPT];
	uint64_t batches = 0, calls_ns = 0;
	const uint64_t cpu_start = nanoseconds(CLOCK_THREAD_CPUTIME_ID), start = nanoseconds(CLOCK_MONOTONIC);
	uint64_t now = start;
	while (now - start < ms * 1000000) {
		const uint64_t begun = now;
		call_batch();
		now = nanoseconds(CLOCK_MONOTONIC);
		calls_ns += now - begun;
		if (HAS_TWIN) {
			const uint64_t called = now;
			twin_batch();
			now = nanoseconds(CLOCK_MONOTONIC);
			twin_ns[batches % BATCHES_KEPT] = (uint32_t)(now - called);
		}
		batches++;
	}
	const double on_cpu = (double)(nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpu_start) / (double)(now - start);
	const size_t kept = batches < BATCHES_KEPT ? batches : BATCHES_KEPT;
	printf("%" PRIu64 " %" PRIu64 " %.0f %.4f\n", batches * CALLS_IN_BATCH, calls_ns, (double)calls_ns * on_cpu,
	       HAS_TWIN ? mean_of_middle_half(twin_ns, kept) / TWINS_IN_BATCH : 0);
}

static _Noreturn void refuse(const char *why)
{
	fprintf(stderr, "twinned-loop: %s\n", why);
	exit(USAGE);
}

static void stay_on(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) != 0)
		refuse("no such CPU");
}

int main(int count, char **texts)
{
	char line[80];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (count != 2)
		refuse("expected: CPU");
	stay_on(atoi(texts[1]));
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin) != NULL) {
		const uint64_t ms = strtoull(line, NULL, 10);
		if (ms == 0)
			refuse("expected: MS");
		run(ms);
	}
	return EXIT_SUCCESS;
}
