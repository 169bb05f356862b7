/*
 * A thread for each request: main starts RATE threads a second, one after the other, reads no clock itself, and each of them
 * reads CLOCK_MONOTONIC through libc READS times and ends.
 *
 *   threads-that-read RATE READS
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static void *read_some(void *reads)
{
	struct timespec now;

	for (int left = *(const int *)reads; left > 0; left--)
		clock_gettime(CLOCK_MONOTONIC, &now);
	return NULL;
}

int main(int count, char **texts)
{
	const int rate = count > 1 ? atoi(texts[1]) : 1;
	int reads = count > 2 ? atoi(texts[2]) : 1;
	const struct timespec pause = { .tv_sec = rate == 1, .tv_nsec = rate == 1 ? 0 : 1000000000 / rate };
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (pthread_create(&thread, NULL, read_some, &reads) == 0)
			pthread_join(thread, NULL);
		nanosleep(&pause, NULL);
	}
}
