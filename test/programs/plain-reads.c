/*
 * Clock reads with so little of a libc that klibc and dietlibc have it all:
 *
 *   plain-reads N [own]   N reads a second: gettimeofday() on klibc, which has no clock_gettime(), else MONOTONIC by
 *                         clock_gettime(); with own, as many gettimeofday again by an instruction of our own text
 *
 * It ends on SIGTERM and then prints one line of JSON with the number of reads by libc.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { BURSTS_PER_SECOND = 200, NS_PER_SECOND = 1000000000, GETTIMEOFDAY = 96 /* asm/unistd_64.h */ };

static volatile sig_atomic_t stopping;

static void stop(int number)
{
	(void)number;
	stopping = 1;
}

static __attribute__((noinline)) void read_by_libc(void)
{
#if defined(__KLIBC__)
	struct timeval now;
	gettimeofday(&now, NULL);
#else
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
#endif
	__asm__ volatile("" : : "r"(&now) : "memory"); /* or the call becomes a jump and this function no caller */
}

static __attribute__((noinline)) void read_by_own_instruction(void)
{
#if defined(__x86_64__)
	struct timeval now;
	long answer = GETTIMEOFDAY;
	__asm__ volatile("syscall" : "+a"(answer) : "D"(&now), "S"(0L) : "rcx", "r11", "memory");
#endif
}

int main(int count, char **texts)
{
	const struct timespec pause_between = { .tv_sec = 0, .tv_nsec = NS_PER_SECOND / BURSTS_PER_SECOND };
	const struct sigaction on_term = { .sa_handler = stop };
	const long burst = count > 1 ? atol(texts[1]) / BURSTS_PER_SECOND : 1;
	long reads = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGTERM, &on_term, NULL);
	while (!stopping) {
		for (long i = 0; i < burst; i++, reads++) {
			read_by_libc();
			if (count > 2)
				read_by_own_instruction();
		}
		nanosleep(&pause_between, NULL);
	}
	printf("{\"reads\":%ld}\n", reads);
	fflush(stdout);
	return 0;
}
