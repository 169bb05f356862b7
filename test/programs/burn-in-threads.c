/* Burns CPU in threads that exit, then prints the nanoseconds that the whole process has used, and waits. */
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, BURN_MS = 100 };

static long long read_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void *burn(void *unused)
{
	while (read_ns(CLOCK_THREAD_CPUTIME_ID) < BURN_MS * 1000000LL)
		;
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, burn, NULL) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%lld\n", read_ns(CLOCK_PROCESS_CPUTIME_ID));
	fflush(stdout);
	for (;;)
		pause();
}
