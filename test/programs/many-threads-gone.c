/*
 * Many threads that have ended, and one that lives:
 *
 *   many-threads-gone KEYS
 *
 * At a line on its input, short-lived threads on each CPU enter the kernel for CLOCKS clocks each, until KEYS times a thread
 * was new to a clock there. Then a thread comes that enters for CLOCK_BOOTTIME 2,000 times a second, for ever; prints its
 * id. The main thread enters for no clock.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Numbers that no clock has: what samples entries takes them for one. */
enum { FIRST_CLOCK = 16, CLOCKS = 16, PER_BURST = 20, BURST_NS = 10000000 };

static void *enter_for_all(void *unused)
{
	long into[4];

	for (int clock = FIRST_CLOCK; clock < FIRST_CLOCK + CLOCKS; clock++)
		syscall(SYS_clock_gettime, clock, into);
	return unused;
}

static _Noreturn void *enter_for_ever(void *unused)
{
	const struct timespec span = { .tv_nsec = BURST_NS };
	long into[4];

	(void)unused;
	printf("%ld\n", syscall(SYS_gettid));
	fflush(stdout);
	for (;;) {
		for (int i = 0; i < PER_BURST; i++)
			syscall(SYS_clock_gettime, CLOCK_BOOTTIME, into);
		nanosleep(&span, NULL);
	}
}

static void fill(int keys)
{
	pthread_t thread;

	for (int i = 0; i < keys; i += CLOCKS)
		if (pthread_create(&thread, NULL, enter_for_all, NULL) == 0)
			pthread_join(thread, NULL);
}

int main(int count, char **texts)
{
	const int keys = count > 1 ? atoi(texts[1]) : CLOCKS;
	pthread_t thread;
	cpu_set_t all, one;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getchar() == EOF || sched_getaffinity(0, sizeof all, &all) != 0)
		return EXIT_FAILURE;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof one, &one);
		fill(keys);
	}
	sched_setaffinity(0, sizeof all, &all);
	if (pthread_create(&thread, NULL, enter_for_ever, NULL) != 0)
		return EXIT_FAILURE;
	for (;;)
		pause();
}
