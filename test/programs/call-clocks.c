/* Reads a clock in each of libc's ways, says "ready" and waits: what a linker binds is bound then. */
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	struct timespec now;
	struct timeval day;

	clock_gettime(CLOCK_MONOTONIC, &now);
	gettimeofday(&day, NULL);
	time(NULL);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
