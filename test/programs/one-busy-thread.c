/* one-busy-thread N: N threads that sleep and one that reads CLOCK_BOOTTIME by the vDSO without a pause; prints its id. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void *sleep_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *read_for_ever(void *unused)
{
	struct timespec ts;

	printf("%d\n", (int)gettid());
	fflush(stdout);
	for (;;)
		clock_gettime(CLOCK_BOOTTIME, &ts);
	return unused;
}

static void start(void *(*run)(void *))
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 64 * 1024);
	if (pthread_create(&thread, &attributes, run, NULL) != 0)
		exit(1);
}

int main(int argc, char **argv)
{
	for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 0); i++)
		start(sleep_for_ever);
	start(read_for_ever);
	sleep_for_ever(NULL);
}
